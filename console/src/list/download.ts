// What a list shows, as a file: all its pages, one after the other.
import { printParameters } from './address';
import { toCsv } from './csv';
import type { Column, ListQuery, ListSource } from './source';

/** As many as the server gives at once. */
const AT_ONCE = 500;
export const MOST_ROWS = 20_000;

export interface Progress {
  done: number;
  total: number;
}

/** Reads every row that matches, up to `MOST_ROWS`. */
export async function readAll<Row>(
  source: ListSource<Row>,
  query: ListQuery,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<{ rows: Row[]; total: number }> {
  const rows: Row[] = [];
  for (;;) {
    const limit = Math.min(AT_ONCE, MOST_ROWS - rows.length);
    const page = await source.read({ ...query, offset: rows.length, limit }, signal);
    signal.throwIfAborted();
    rows.push(...page.rows);
    onProgress({ done: rows.length, total: Math.min(page.total, MOST_ROWS) });
    if (page.rows.length < limit || rows.length >= MOST_ROWS) return { rows, total: Math.max(page.total, rows.length) };
  }
}

export function csvOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return toCsv([columns.map(({ header }) => header), ...rows.map((row) => columns.map((column) => column.text(row)))]);
}

/** Where the server has all rows that the list shows, with these columns, however many they are. */
export function exportAddress<Row>(exportedAt: string, query: Omit<ListQuery, 'offset' | 'limit'>, columns: readonly Column<Row>[]): string {
  const { filterBy, search, sortBy, sortOrder } = query;
  // The server names the columns of an export as it names orders.
  const chosen = columns.flatMap(({ sortBy }) => sortBy ?? []).join(',');
  return exportedAt + printParameters({ columns: chosen, filterBy, search, sortBy, sortOrder });
}

/** Leaves the download to the browser, which shows how far it is. */
export function saveFrom(address: string) {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}

export function saveFile(name: string, content: string) {
  const address = URL.createObjectURL(new Blob([content], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Not at once: the browser begins to read it after this.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
