import { expect, test } from 'vitest';
import { csvOf, exportAddress, MOST_ROWS, readAll } from './download';
import type { ListQuery, ListSource } from './source';

interface Row {
  name: string;
}

function sourceOf(total: number, asked: ListQuery[] = []): ListSource<Row> {
  return {
    name: 'rows',
    noun: 'rows',
    resourceType: 'rows',
    id: ({ name }) => name,
    label: ({ name }) => name,
    columns: [{ id: 'name', header: 'Name', cell: ({ name }) => name, text: ({ name }) => name, width: 100 }],
    fields: [],
    searches: 'name',
    read(query) {
      asked.push(query);
      const count = Math.max(0, Math.min(query.limit, total - query.offset));
      return Promise.resolve({ rows: Array.from({ length: count }, (_, index) => ({ name: `row ${query.offset + index}` })), total });
    },
  };
}

const QUERY: ListQuery = { search: 'x', offset: 50, limit: 50 };

test('all pages are read in order, 500 at a time, with what the list is narrowed to', async () => {
  const asked: ListQuery[] = [];
  const progress: number[] = [];
  const { rows } = await readAll(sourceOf(1100, asked), QUERY, new AbortController().signal, ({ done }) => progress.push(done));
  expect(asked.map(({ offset, limit, search }) => [offset, limit, search])).toEqual([[0, 500, 'x'], [500, 500, 'x'], [1000, 500, 'x']]);
  expect(progress).toEqual([500, 1000, 1100]);
  expect(rows.at(-1)).toEqual({ name: 'row 1099' });
});

test('it stops after 20,000 rows and knows that there are more', async () => {
  const { rows, total } = await readAll(sourceOf(MOST_ROWS + 7), QUERY, new AbortController().signal, () => undefined);
  expect([rows.length, total]).toEqual([MOST_ROWS, MOST_ROWS + 7]);
});

test('it can be cancelled between two pages', async () => {
  const cancel = new AbortController();
  const reading = readAll(sourceOf(1100), QUERY, cancel.signal, () => cancel.abort());
  await expect(reading).rejects.toThrow(/abort/i);
});

test('the file has the chosen columns only', () => {
  const { columns } = sourceOf(1);
  expect(csvOf(columns, [{ name: '=1' }])).toBe("\uFEFFName\r\n'=1\r\n");
});

test('the export is asked for what the list shows, by the names that the server has', () => {
  const columns = sourceOf(1).columns.flatMap((name) => [{ ...name, sortBy: 'username' }, { ...name, sortBy: 'accessRules' }, name]);
  const address = exportAddress('/api/v1/users/export', { filterBy: 'username=@a&b', sortBy: 'username' as never, sortOrder: 'desc' }, columns);
  expect(address).toBe('/api/v1/users/export?columns=username%2CaccessRules&filterBy=username%3D%40a%26b&sortBy=username&sortOrder=desc');
});
