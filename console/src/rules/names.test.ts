import { expect, test } from 'vitest';
import { namesIn, problemWith } from './names';

test('an email counts once, however it is written, and a group as it is written', () => {
  expect(namesIn('ana@example.com\n\n Ana@Example.com \nben@example.com', 'user')).toEqual(['Ana@Example.com', 'ben@example.com']);
  expect(namesIn('Lab\nlab\nlab', 'group')).toEqual(['Lab', 'lab']);
});

test('what is wrong is said of all of them at once', () => {
  expect(problemWith([], 'user')).toBe('Required.');
  expect(problemWith(['ana', 'ben@example.com', 'c d@example.com'], 'user')).toBe('Not emails: ana, c d@example.com.');
  expect(problemWith(['ana'], 'user')).toBe('Not an email: ana.');
  expect(problemWith(['ana'], 'group')).toBeUndefined();
  expect(problemWith(Array.from({ length: 12 }, (_, index) => `g${index}`), 'group')).toBe('At most 10 at once. Remove 2.');
});
