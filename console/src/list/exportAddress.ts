// Where the server has all rows that a list shows, as a file.
import { printParameters } from './address';
import type { Column, ListQuery } from './source';

/** With these columns, however many rows there are. */
export function exportAddress<Row>(exportedAt: string, query: Omit<ListQuery, 'offset' | 'limit'>, columns: readonly Column<Row>[]): string {
  const { filterBy, search, sortBy, sortOrder } = query;
  // The server names the columns of an export as it names orders.
  const chosen = columns.flatMap(({ sortBy }) => sortBy ?? []).join(',');
  return exportedAt + printParameters({ columns: chosen, filterBy, search, sortBy, sortOrder });
}
