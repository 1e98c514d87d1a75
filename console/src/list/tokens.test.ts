import { expect, test } from 'vitest';
import { OPERATORS } from './filter';
import { fromBox, toBox } from './tokens';

test('every operator goes into the filter box and comes back', () => {
  const conditions = OPERATORS.map((operator) => ({ field: 'username', operator, value: 'a, "b"' }));
  expect(fromBox(toBox(conditions))).toEqual(conditions);
});

test('what is not finished is left out', () => {
  const token = (value: unknown) => ({ propertyKey: 'username', operator: '=' as const, value });
  const tokens = [token(''), token(null), token('a'), { operator: '=' as const, value: 'free text' }];
  expect(fromBox({ operation: 'and', tokens })).toEqual([{ field: 'username', operator: '==', value: 'a' }]);
});
