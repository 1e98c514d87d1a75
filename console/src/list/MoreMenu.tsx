// The menu "More" of a list: the list as a file, and where the API describes it.
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import type { ListAddress } from './address';
import { exportAddress } from './exportAddress';
import type { Column, ListSource } from './source';
import { useDownload } from './useDownload';
import { queryOf } from './useListRows';

interface Props<Row> {
  source: ListSource<Row>;
  address: ListAddress;
  /** Those that are shown. */
  columns: readonly Column<Row>[];
}

export function MoreMenu<Row>({ source, address, columns }: Props<Row>) {
  const download = useDownload(source.noun);
  const { exportedAt, reference } = source;
  const isNarrowed = address.filterBy !== undefined || address.search !== undefined;
  const file = { id: 'csv', text: 'Download as CSV', secondaryText: isNarrowed ? 'Every row that matches' : 'Every row', iconName: 'download' as const };
  return (
    <ButtonDropdown
      items={[file, ...(reference === undefined ? [] : [referenceItem(reference)])]}
      onItemClick={({ detail }) => {
        if (detail.id === 'csv') download(exportAddress(exportedAt, queryOf(source, address), columns));
      }}
    >
      More
    </ButtonDropdown>
  );
}

/** Opens the page of the API at that part, in a tab of its own. */
function referenceItem(part: string) {
  return { id: 'reference', text: 'API reference', href: `/api/docs#/${encodeURIComponent(part)}`, external: true, externalIconAriaLabel: '(opens in a new tab)' };
}
