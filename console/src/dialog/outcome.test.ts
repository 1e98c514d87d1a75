// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { lineOf, titleOf } from './outcome';

const ANA = { what: 'ana@example.com' };
const BEN = { what: 'ben@example.com', problem: 'There is no user 7.' };

test('the title says what was done, with how many', () => {
  expect(titleOf('user', 'deleted', [ANA, BEN, ANA])).toBe('2 of 3 users deleted');
  expect(titleOf('access rule', 'added', [BEN, BEN])).toBe('0 of 2 access rules added');
  expect(titleOf('department', 'deleted', [ANA])).toBe('Department deleted');
  expect(titleOf('user', 'signed out everywhere', [BEN])).toBe('User not signed out everywhere');
});

test('what is not known is told as neither', () => {
  const unknown = { what: 'ida@example.com', problem: 'The server does not answer.', isUnknown: true } as const;
  expect(titleOf('user', 'deleted', [unknown])).toBe('It is not known whether the user was deleted');
  expect(titleOf('user', 'deleted', [unknown, unknown])).toBe('It is not known whether 2 users were deleted');
  expect(titleOf('user', 'deleted', [ANA, BEN, unknown])).toBe('1 of 3 users deleted, 1 not known');
  expect(lineOf('deleted', unknown)).toBe('Not known: ida@example.com');
});

test('each line says whether it was done', () => {
  expect(lineOf('deleted', ANA)).toBe('Deleted: ana@example.com');
  expect(lineOf('signed out everywhere', BEN)).toBe('Not signed out everywhere: ben@example.com');
});
