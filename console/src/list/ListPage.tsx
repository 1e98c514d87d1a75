// The page of a list: every list of the console is this component with a source. Its state lies in the address.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { TextFilterProps } from '@cloudscape-design/components/text-filter';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { FailureAlert } from '../api/FailureAlert';
import { formatNumber } from '../format';
import { USUAL_SIZE } from './address';
import { exportAddress, saveFrom } from './download';
import { FilterBox } from './FilterBox';
import { useColumns } from './preferences';
import { PreferencesButton } from './PreferencesButton';
import { SearchBox } from './SearchBox';
import type { Column, ListSource } from './source';
import { useDownload } from './useDownload';
import { useListAddress } from './useListAddress';
import { queryOf, useListRows } from './useListRows';

interface Props<Row> {
  title: string;
  description: string;
  source: ListSource<Row>;
  /** The buttons above the list. */
  actions?: ReactNode;
  /** The buttons for the rows that are selected; without them no row can be. They name rows by id in the address of a dialog. */
  rowActions?: (selected: readonly Row[]) => ReactNode;
}

export function ListPage<Row>({ title, description, source, actions, rowActions }: Props<Row>) {
  const [address, change] = useListAddress();
  const { data, error, isPending, isFetching, isPlaceholderData, refetch } = useListRows(source, address);
  const [choices, setChoices] = useColumns(source.name, source.columns.map(({ id }) => id));
  const startDownload = useDownload(source);
  const rowHeader = source.rowHeader ?? source.columns[0]?.id;
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());

  const { page = 1, size = USUAL_SIZE, filterBy = '', search = '', sortBy } = address;
  const total = data?.total;
  const pages = Math.max(1, Math.ceil((total ?? 0) / size));
  const narrowed = filterBy !== '' || search !== '';
  const visible = choices.filter((choice) => choice.visible);
  const shown = visible.flatMap(({ id }) => source.columns.find((column) => column.id === id) ?? []);

  // Only what one sees is acted on: rows that are gone or on another page are not selected.
  const rows = error ? [] : (data?.rows ?? []);
  const selected = rows.filter((row) => ticked.has(source.id(row)));

  // With the rows go the buttons for them, and with a button the focus that was on it.
  const searchBox = useRef<TextFilterProps.Ref>(null);
  const none = selected.length === 0;
  useEffect(() => {
    if (none && ticked.size > 0 && document.activeElement === document.body) searchBox.current?.focus();
  }, [none, ticked]);

  // Rows were deleted, or a link is old: the last page there is, rather than an empty one that does not exist.
  const beyond = total !== undefined && !isPlaceholderData && page > pages;
  useEffect(() => {
    if (beyond) change({ page: pages }, { replace: true });
  });

  return (
    <Table<Row>
      variant="full-page"
      stickyHeader
      resizableColumns
      enableKeyboardNavigation
      items={rows}
      {...(rowActions === undefined ? {} : { selectionType: 'multi' as const })}
      selectedItems={selected}
      onSelectionChange={({ detail }) => setTicked(new Set(detail.selectedItems.map(source.id)))}
      loading={isPending}
      loadingText={`Loading ${source.noun}`}
      trackBy={source.id}
      {...(total === undefined || isPlaceholderData ? {} : { renderAriaLive: () => `${formatNumber(total)} ${source.noun}, page ${formatNumber(page)} of ${formatNumber(pages)}` })}
      columnDefinitions={source.columns.map((column) => definition(column, column.id === rowHeader))}
      columnDisplay={choices}
      sortingDisabled={isPending}
      sortingDescending={address.sortOrder === 'desc'}
      {...(sortBy === undefined ? {} : { sortingColumn: { sortingField: sortBy } })}
      onSortingChange={({ detail }) =>
        change({ sortBy: detail.sortingColumn.sortingField, sortOrder: detail.isDescending ? 'desc' : undefined })
      }
      empty={
        error ? (
          <FailureAlert header={`The ${source.noun} cannot be shown`} error={error} retry={() => void refetch()} />
        ) : (
          <Empty noun={source.noun} {...(narrowed ? { clear: () => change({ filterBy: undefined, search: undefined }) } : {})} />
        )
      }
      header={
        <Header
          variant="awsui-h1-sticky"
          description={description}
          {...(total === undefined || error ? {} : { counter: counter(selected.length, total) })}
          actions={
            <SpaceBetween size="xs" direction="horizontal">
              <Button iconName="refresh" ariaLabel={`Load the ${source.noun} again`} loading={isFetching} onClick={() => void refetch()} />
              <ButtonDropdown
                items={[
                  { id: 'csv', text: 'Download as CSV', iconName: 'download' as const },
                  ...(source.exportedAt === undefined ? [] : [{ id: 'export', text: 'Complete export as CSV', iconName: 'download' as const }]),
                  ...(source.reference === undefined ? [] : [referenceItem(source.reference)]),
                ]}
                onItemClick={({ detail }) => {
                  if (detail.id === 'csv') startDownload(address, shown);
                  if (detail.id === 'export' && source.exportedAt !== undefined) saveFrom(exportAddress(source.exportedAt, queryOf(address), shown));
                }}
              >
                More
              </ButtonDropdown>
              {rowActions?.(selected)}
              {actions}
            </SpaceBetween>
          }
        >
          {title}
        </Header>
      }
      filter={
        <div className="list-filters">
          <SearchBox box={searchBox} label={`Search ${source.searches}`} search={search} onChange={(text) => change({ search: text })} />
          <FilterBox fields={source.fields} filterBy={filterBy} total={total} onChange={(text) => change({ filterBy: text })} />
        </div>
      }
      pagination={
        <Pagination
          currentPageIndex={Math.min(page, pages)}
          pagesCount={pages}
          onChange={({ detail }) => change({ page: detail.currentPageIndex })}
          ariaLabels={{
            nextPageLabel: 'Next page',
            previousPageLabel: 'Previous page',
            paginationLabel: `Pages of ${source.noun}`,
            pageLabel: (number) => `Page ${number}`,
          }}
        />
      }
      preferences={
        <PreferencesButton
          columns={source.columns.map(({ id, header }) => ({ id, label: header, alwaysVisible: id === rowHeader }))}
          choices={choices}
          onChoices={setChoices}
          size={size}
          onSize={(size) => change({ size })}
        />
      }
      ariaLabels={{
        tableLabel: title,
        resizerRoleDescription: 'resize button',
        selectionGroupLabel: `Selection of ${source.noun}`,
        allItemsSelectionLabel: () => `Select all ${source.noun} on this page`,
        itemSelectionLabel: (_, row) => `Select ${source.label(row)}`,
      }}
    />
  );
}

function definition<Row>(column: Column<Row>, isRowHeader: boolean): TableProps.ColumnDefinition<Row> {
  return {
    id: column.id,
    header: column.header,
    cell: column.cell,
    width: column.width,
    minWidth: 80,
    isRowHeader,
    ...(column.sortBy === undefined ? {} : { sortingField: column.sortBy }),
  };
}

/** Opens the page of the API at that part, in a tab of its own. */
function referenceItem(part: string) {
  return { id: 'reference', text: 'API reference', href: `/api/docs#/${encodeURIComponent(part)}`, external: true, externalIconAriaLabel: '(opens in a new tab)' };
}

function counter(selected: number, total: number): string {
  return selected === 0 ? `(${formatNumber(total)})` : `(${formatNumber(selected)} of ${formatNumber(total)} selected)`;
}

function Empty({ noun, clear }: { noun: string; clear?: () => void }) {
  if (clear === undefined) return <Box color="text-body-secondary">There are no {noun}.</Box>;
  return (
    <SpaceBetween size="s" alignItems="center">
      <Box color="text-body-secondary">No {noun} match.</Box>
      <Button onClick={clear}>Show all</Button>
    </SpaceBetween>
  );
}
