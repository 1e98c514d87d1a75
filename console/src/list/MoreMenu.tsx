// The menu "More" of a list: the list as a file, and where the API describes it.
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import type { ListAddress } from './address';
import { exportAddress, MOST_ROWS, saveFrom } from './download';
import { formatNumber } from '../format';
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
  const startDownload = useDownload(source);
  const { exportedAt, reference } = source;
  const isNarrowed = address.filterBy !== undefined || address.search !== undefined;
  const files = [
    { id: 'csv', text: 'Download as CSV', secondaryText: `What the list shows, up to ${formatNumber(MOST_ROWS)} rows`, iconName: 'download' as const },
    ...(exportedAt === undefined ? [] : [{ id: 'export', text: isNarrowed ? 'Export filtered rows as CSV' : 'Export all rows as CSV', secondaryText: 'Every row, in one file from the server', iconName: 'download' as const }]),
  ];
  return (
    <ButtonDropdown
      items={[...files, ...(reference === undefined ? [] : [referenceItem(reference)])]}
      onItemClick={({ detail }) => {
        if (detail.id === 'csv') startDownload(address, columns);
        if (detail.id === 'export' && exportedAt !== undefined) saveFrom(exportAddress(exportedAt, queryOf(source, address), columns));
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
