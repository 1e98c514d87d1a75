import { expect, test } from 'vitest';
import { toCsv } from './csv';

const line = (...cells: string[]) => toCsv([cells]).slice(1);

test('the text says that it is UTF-8, and its lines end as the standard wants', () => {
  expect(toCsv([['User'], ['ana']])).toBe('\uFEFFUser\r\nana\r\n');
});

test('commas, quotes and line breaks stay within their cell', () => {
  expect(line('a,b', 'say "hi"', 'two\nlines', 'plain')).toBe('"a,b","say ""hi""","two\nlines",plain\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '＝1+1', '＋1', '－1', '＠SUM(A1)'])('%j is not executed', (text) => {
  const [, first, second] = /^("?)(.)/.exec(line(text)) ?? [];
  expect([first, second]).toContain("'");
  expect(line(text).replaceAll('"', '')).toBe(`'${text}\r\n`);
});

test.each([
  ['\t=1', '"\'\t\'=1"'],
  ['\r=1', '"\'\r\'=1"'],
  ['\n=1', '"\'\n\'=1"'],
  ['a;=1', "a;'=1"],
  ['a;＝1', "a;'＝1"],
  ['b;c;@SUM(A1)', "b;c;'@SUM(A1)"],
  ['a;"=1"', '"a;""\'=1"""'],
  ['"=1"', '"""\'=1"""'],
  ['b\n-1', '"b\n\'-1"'],
  ['d; e=f', 'd; e=f'],
])('%j is not executed either where lists are separated by semicolons or tabs', (text, written) => {
  expect(line(text)).toBe(`${written}\r\n`);
});

test('what only holds such a character is left alone', () => {
  expect(line('ana@example.com', 'a=b', 'a＝b')).toBe('ana@example.com,a=b,a＝b\r\n');
});
