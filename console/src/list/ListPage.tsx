// The page of a list: every list of the console is this component with a source. Its state lies in the address.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { type ReactNode, useEffect, useState } from 'react';
import { Failure } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { formatCount, formatNumber } from '../format';
import { useUnseen } from '../organisation/unseen';
import { USUAL_SIZE } from './address';
import { FilterBox } from './FilterBox';
import { MoreMenu } from './MoreMenu';
import { useColumns } from './preferences';
import { PreferencesButton } from './PreferencesButton';
import { refusalOf } from './refusal';
import type { Column, ListSource } from './source';
import { useListAddress } from './useListAddress';
import { useListRows } from './useListRows';
import { fit, fitNarrow, LEAST, NARROW, useFirstWidth } from './widths';

interface Props<Row> {
  title: string;
  description: string;
  source: ListSource<Row>;
  /** The buttons above the list. */
  actions?: ReactNode;
  /**
   * The buttons for the selected rows; without them no row can be selected. They are always there, in the same place, and disabled
   * until they apply. They name rows by id in the address of a dialog.
   */
  rowActions?: (selected: readonly Row[]) => ReactNode;
}

/** What a box to tick takes beside the columns. */
const SELECTION = 40;

export function ListPage<Row>({ title, description, source, actions, rowActions }: Props<Row>) {
  const [address, change] = useListAddress();
  const { data, error, isPending, isFetching, isPlaceholderData, refetch } = useListRows(source, address);
  const [chosen, setChoices] = useColumns(source.name, source.columns.map(({ id }) => id));
  const [place, room] = useFirstWidth();
  const rowHeader = source.rowHeader ?? source.columns[0]?.id;
  const isNarrow = room !== undefined && room < NARROW;
  // Then the names of the rows stay in view while the rest scrolls.
  const choices = isNarrow ? [...chosen.filter(({ id }) => id === rowHeader), ...chosen.filter(({ id }) => id !== rowHeader)] : chosen;
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());

  const { page = 1, size = USUAL_SIZE, filterBy = '', search = '', sortBy } = address;
  const total = data?.total;
  const pages = Math.max(1, Math.ceil((total ?? 0) / size));
  const narrowed = filterBy !== '' || search !== '';
  const shown = choices.flatMap(({ id, visible }) => (visible ? (source.columns.find((column) => column.id === id) ?? []) : []));
  const selects = rowActions !== undefined;
  const [widths, setWidths] = useState<ReadonlyMap<string, number>>();
  if (room !== undefined && widths === undefined) {
    const rest = room - (selects ? SELECTION : 0);
    setWidths(isNarrow ? fitNarrow(shown, rest, rowHeader) : fit(shown, rest));
  }

  // Only what one sees is acted on: rows that are gone or on another page are not selected.
  const rows = error ? [] : (data?.rows ?? []);
  const selected = rows.filter((row) => ticked.has(source.id(row)));

  // Rows were deleted, or a link is old: the last page there is, rather than an empty one that does not exist.
  const beyond = total !== undefined && !isPlaceholderData && page > pages;
  useEffect(() => {
    if (beyond) change({ page: pages }, { replace: true });
  });

  const clear = () => change({ filterBy: undefined, search: undefined });
  return (
    <div ref={place} className="list">
      {widths !== undefined && (
        <Table<Row>
          variant="full-page"
          stickyHeader
          stickyColumns={{ first: shown.findIndex(({ id }) => id === rowHeader) + 1 }}
          resizableColumns
          wrapLines={isNarrow}
          enableKeyboardNavigation
          items={rows}
          {...(selects ? { selectionType: 'multi' as const } : {})}
          selectedItems={selected}
          onSelectionChange={({ detail }) => setTicked(new Set(detail.selectedItems.map(source.id)))}
          // A page that is not there is left at once, and says nothing meanwhile.
          loading={isPending || beyond}
          loadingText={`Loading ${source.noun}`}
          trackBy={source.id}
          {...(total === undefined || isPlaceholderData ? {} : { renderAriaLive: () => `${formatCount(total, source.noun)}, page ${formatNumber(page)} of ${formatNumber(pages)}` })}
          columnDefinitions={source.columns.map((column) => definition(column, column.id === rowHeader, widths.get(column.id)))}
          columnDisplay={choices}
          sortingDisabled={isPending}
          sortingDescending={address.sortOrder === 'desc'}
          {...(sortBy === undefined ? {} : { sortingColumn: { sortingField: sortBy } })}
          onSortingChange={({ detail }) =>
            change({ sortBy: detail.sortingColumn.sortingField, sortOrder: detail.isDescending ? 'desc' : undefined })
          }
          empty={
            error ? (
              <FailureAlert
                header={`The ${source.noun} cannot be shown`}
                error={error}
                words={error instanceof Failure ? refusalOf(error, source.fields) : undefined}
                {...(narrowed && error instanceof Failure && error.status === 400
                  ? { action: <Clear refused={error.field} onClear={change} /> }
                  : { retry: () => void refetch() })}
              />
            ) : (
              <Empty source={source} {...(narrowed ? { clear } : {})} />
            )
          }
          header={
            <Header
              variant="awsui-h1-sticky"
              description={<Description text={description} selected={selected.length} />}
              {...(total === undefined || error ? {} : { counter: `(${formatNumber(total)})` })}
              actions={
                <SpaceBetween size="xs" direction="horizontal">
                  <Button iconName="refresh" ariaLabel={`Reload the ${source.noun}`} loading={isFetching} onClick={() => void refetch()} />
                  <MoreMenu source={source} address={address} columns={shown} />
                  {actions}
                </SpaceBetween>
              }
            >
              {title}
            </Header>
          }
          filter={
            <div className="list-tools">
              <div className="list-tools-row">
                <FilterBox
                  searches={source.searches}
                  fields={source.fields}
                  search={search}
                  filterBy={filterBy}
                  total={total}
                  onChange={({ search, filterBy }) => change({ search, filterBy })}
                />
                <PreferencesButton
                  columns={source.columns.map(({ id, header }) => ({ id, label: header, alwaysVisible: id === rowHeader }))}
                  choices={chosen}
                  onChoices={setChoices}
                  size={size}
                  onSize={(size) => change({ size })}
                />
              </div>
              {rowActions && (
                <div className="list-tools-row" role="group" aria-label={`Actions for selected ${source.noun}`}>
                  {rowActions(selected)}
                </div>
              )}
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
          ariaLabels={{
            tableLabel: title,
            resizerRoleDescription: 'resize button',
            selectionGroupLabel: `Selection of ${source.noun}`,
            allItemsSelectionLabel: () => `Select all ${source.noun} on this page`,
            itemSelectionLabel: (_, row) => `Select ${source.label(row)}`,
          }}
        />
      )}
    </div>
  );
}

function definition<Row>(column: Column<Row>, isRowHeader: boolean, width = column.width): TableProps.ColumnDefinition<Row> {
  return {
    id: column.id,
    header: column.header,
    cell: column.cell,
    width,
    minWidth: LEAST,
    isRowHeader,
    ...(column.sortBy === undefined ? {} : { sortingField: column.sortBy }),
  };
}

/** How many are selected stands in the place of the description, which keeps its room: nothing moves. */
function Description({ text, selected }: { text: string; selected: number }) {
  return (
    <span className="in-place">
      <span className={selected > 0 ? 'away' : undefined}>{text}</span>
      {selected > 0 && <span>{formatNumber(selected)} selected</span>}
    </span>
  );
}

/** Clears what was refused. */
function Clear({ refused, onClear }: { refused: string | undefined; onClear: (change: { filterBy: undefined } | { search: undefined }) => void }) {
  if (refused === 'search') return <Button onClick={() => onClear({ search: undefined })}>Clear search</Button>;
  return <Button onClick={() => onClear({ filterBy: undefined })}>Clear filter</Button>;
}

function Empty({ source: { noun, resourceType }, clear }: { source: Pick<ListSource<never>, 'noun' | 'resourceType'>; clear?: () => void }) {
  const unseen = useUnseen(resourceType);
  if (clear === undefined) return <Box color="text-body-secondary">None{unseen}.</Box>;
  return (
    <SpaceBetween size="s" alignItems="center">
      <Box color="text-body-secondary">No {noun}{unseen} match.</Box>
      <Button onClick={clear}>Show all</Button>
    </SpaceBetween>
  );
}
