// What a list showed of a row, for when it is gone and cannot be read any more.
import { queryClient } from '../api/queries';
import type { ListPageOfRows } from './source';

/** As any list has it; whose list it is knows the rest. */
interface Row {
  id: string | number;
}

/** The row of that id in any list of that name that was read; nothing where none had it. */
export function knownRow(list: string, id: string): Row | undefined {
  const pages = queryClient.getQueriesData<ListPageOfRows<Row>>({ queryKey: [list, 'list'] });
  for (const [, page] of pages) {
    const row = page?.rows.find((row) => String(row.id) === id);
    if (row !== undefined) return row;
  }
  return undefined;
}
