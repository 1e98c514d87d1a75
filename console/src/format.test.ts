// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { authorName } from './authors';
import { formatCount, formatNumber, formatRelative } from './format';

const NOW = new Date('2026-03-02T09:30:00Z');

test.each([
  ['2026-03-02T09:29:40Z', 'just now'],
  ['2026-03-02T09:28:59Z', '1 minute ago'],
  ['2026-03-02T06:30:00Z', '3 hours ago'],
  ['2026-02-28T09:00:00Z', '2 days ago'],
  ['2025-01-02T09:30:00Z', '1 year ago'],
  ['2024-04-02T09:30:00Z', '1 year ago'],
  ['2026-01-15T09:30:00Z', '1 month ago'],
  ['2026-03-04T09:30:00Z', 'in 2 days'],
])('%s is %s', (at, words) => {
  expect(formatRelative(new Date(at), NOW)).toBe(words);
});

test('yesterday is the day before by the calendar of the reader, and never the one before that', () => {
  const now = new Date(2026, 2, 2, 9, 30);
  const told = (day: number, hour: number) => formatRelative(new Date(2026, 2, day, hour), now);
  expect([told(1, 20), told(1, 9), told(1, 0), told(0, 23), told(0, 10)]).toEqual(['13 hours ago', 'yesterday', 'yesterday', '2 days ago', '2 days ago']);
  expect([told(3, 10), told(4, 9)]).toEqual(['tomorrow', 'in 2 days']);
});

test('long numbers have separators', () => {
  expect(formatNumber(20_000)).toBe('20,000');
});

test('what made something where no person did has a name, on the page and in its file', () => {
  expect([authorName('oidc'), authorName('host'), authorName('ana@example.com')]).toEqual(['Single sign-on', 'Installation', 'ana@example.com']);
});

test('one of them is counted in the singular', () => {
  expect([0, 1, 2].map((count) => formatCount(count, 'access rules'))).toEqual(['0 access rules', '1 access rule', '2 access rules']);
});
