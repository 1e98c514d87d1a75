import { expect, test } from 'vitest';
import { meant } from './SubjectFinder';

test('what was typed is a name only where it is found', () => {
  expect(meant(['perception'], 'percep')).toBe('perception');
  expect(meant(['ana@example.com', 'diana@example.com'], 'Ana@example.com ')).toBe('ana@example.com');
  expect(meant(['perception', 'perception-leads'], 'percep')).toBeUndefined();
  expect(meant([], 'qqqq')).toBeUndefined();
});
