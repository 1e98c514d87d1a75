// All who can do something in a scope, page by page. How many there are is known once the last page has been read.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Failure } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { formatNumber } from '../format';
import { USUAL_SIZE } from '../list/address';
import { useColumns } from '../list/preferences';
import { PreferencesButton } from '../list/PreferencesButton';
import { SearchBox } from '../list/SearchBox';
import { useDownload } from '../list/useDownload';
import { useUnseen } from '../organisation/unseen';
import { AT_ONCE, type Holder, holdersFile, namesQuery, readHolders, type WhoCan } from './decisions';
import { columnsOf } from './holders';
import { MayNotAsk } from './MayNotAsk';
import { useQuestion } from './question';

/** `what` is its title, as the rest of a sentence: `who can create projects in berlin`. */
export function HoldersTable({ question, what }: { question: WhoCan; what: string }) {
  const title = what.replace(/^who/, 'Who');
  const [{ page = 1, size = USUAL_SIZE }, change] = useQuestion();
  const columns = columnsOf(question);
  const [choices, setChoices] = useColumns('who-can', columns.map(({ id }) => id));
  const download = useDownload('those who can');

  // What the server gives at once is a whole number of pages.
  const offset = (page - 1) * size;
  const part = Math.floor(offset / AT_ONCE);
  const names = useQuery({ ...namesQuery(question, part), placeholderData: keepPreviousData });
  const shown = names.data?.names.slice(offset % AT_ONCE, (offset % AT_ONCE) + size) ?? [];
  const holders = useQuery({
    queryKey: ['permissions', 'holders', question, shown],
    queryFn: ({ signal }) => readHolders(question, shown, signal),
    enabled: names.data !== undefined && !names.isPlaceholderData,
    placeholderData: keepPreviousData,
  });
  const error = names.error ?? holders.error;
  const known = (names.data?.before ?? 0) + (names.data?.names.length ?? 0);
  const more = names.data !== undefined && names.data.next !== '';
  const pages = Math.max(1, Math.ceil(known / size));

  // A link is old: there are fewer than when it was made.
  const beyond = names.data !== undefined && !names.isPlaceholderData && !more && page > pages;
  useEffect(() => {
    if (beyond) change({ page: pages });
  });

  const start = () => download(holdersFile(question, choices.filter(({ id, visible }) => visible && id !== 'why').map(({ id }) => id)));
  const unseen = useUnseen('access_rules');
  const again = () => void names.refetch().then(() => holders.refetch());
  return (
    <Table<Holder>
      resizableColumns
      wrapLines
      enableKeyboardNavigation
      items={error ? [] : (holders.data ?? [])}
      trackBy={({ subject }) => subject.id}
      loading={!error && (names.isPending || holders.isPending || beyond)}
      loadingText="Loading"
      {...(names.data === undefined || names.isPlaceholderData ? {} : { renderAriaLive: () => `${formatNumber(known)}${more ? ' or more' : ''} who can, page ${formatNumber(page)}` })}
      columnDefinitions={columns.map(({ id, header, cell, width }) => ({ id, header, cell, width, minWidth: 80, isRowHeader: id === 'subject' }))}
      columnDisplay={choices}
      header={
        <Header
          variant="h2"
          {...(names.data === undefined || error ? {} : { counter: `(${formatNumber(known)}${more ? '+' : ''})` })}
          description="By access rules there and above, directly and through groups. Disabled users have no access."
          actions={
            <SpaceBetween size="xs" direction="horizontal">
              <Button iconName="refresh" ariaLabel="Ask again" loading={names.isFetching || holders.isFetching} onClick={again} />
              <ButtonDropdown items={[{ id: 'csv', text: 'Download as CSV', iconName: 'download' }]} onItemClick={start}>
                More
              </ButtonDropdown>
            </SpaceBetween>
          }
        >
          {title}
        </Header>
      }
      filter={<SearchBox label="Search by name" search={question.search} onChange={(search) => change({ search: search === '' ? undefined : search })} />}
      pagination={
        <Pagination
          currentPageIndex={Math.min(page, pages)}
          pagesCount={pages}
          openEnd={more}
          onChange={({ detail }) => change({ page: detail.currentPageIndex })}
          ariaLabels={{ nextPageLabel: 'Next page', previousPageLabel: 'Previous page', paginationLabel: 'Pages of those who can', pageLabel: (number) => `Page ${number}` }}
        />
      }
      preferences={
        <PreferencesButton
          columns={columns.map(({ id, header }) => ({ id, label: header, alwaysVisible: id === 'subject' }))}
          choices={choices}
          onChoices={setChoices}
          size={size}
          onSize={(size) => change({ size })}
        />
      }
      empty={
        error instanceof Failure && error.status === 403 ? (
          <MayNotAsk what={what} />
        ) : error ? (
          <FailureAlert header="The list cannot be shown" error={error} retry={again} />
        ) : (
          <Box color="text-body-secondary">{question.search === '' ? `None${unseen}.` : `No names${unseen} match.`}</Box>
        )
      }
      ariaLabels={{ tableLabel: title, resizerRoleDescription: 'resize button' }}
    />
  );
}
