import { expect, test } from 'vitest';
import { OPERATORS } from './filter';
import { conditionsIn, searchIn, toBox } from './tokens';

test('every operator goes into the filter box and comes back', () => {
  const conditions = OPERATORS.map((operator) => ({ field: 'username', operator, value: 'a, "b"' }));
  expect(conditionsIn(toBox('', conditions))).toEqual(conditions);
});

test('a search stands before the conditions, and a new one replaces it', () => {
  const conditions = [{ field: 'username', operator: '==' as const, value: 'ana' }];
  const box = toBox('kim', conditions);
  expect(box.tokens[0]).toEqual({ operator: ':', value: 'kim' });
  expect([searchIn(box), conditionsIn(box)]).toEqual(['kim', conditions]);
  expect(searchIn({ ...box, tokens: [...box.tokens, { operator: ':', value: ' lee ' }] })).toBe('lee');
  expect(searchIn(toBox('', conditions))).toBe('');
});

test('what is not finished is left out', () => {
  const token = (value: unknown) => ({ propertyKey: 'username', operator: '=' as const, value });
  const tokens = [token(''), token(null), token('a'), { operator: '=' as const, value: 'free text' }];
  expect(conditionsIn({ operation: 'and', tokens })).toEqual([{ field: 'username', operator: '==', value: 'a' }]);
});
