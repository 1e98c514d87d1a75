import { expect, test } from 'vitest';
import { type Condition, type Field, OPERATORS, printFilter } from './filter';
import { conditionsIn, searchIn, signsOf, toBox } from './tokens';

const LAST_LOGIN: Field = { name: 'lastLogin', label: 'Last login', kind: 'date' };
const FIELDS: Field[] = [{ name: 'username', label: 'User', kind: 'text' }, LAST_LOGIN];

test('every operator goes into the filter box and comes back', () => {
  const conditions = OPERATORS.map((operator) => ({ field: 'username', operator, value: 'a, "b"' }));
  expect(conditionsIn(toBox('', conditions, FIELDS))).toEqual(conditions);
});

test('a search stands before the conditions, and a new one replaces it', () => {
  const conditions = [{ field: 'username', operator: '==' as const, value: 'ana' }];
  const box = toBox('kim', conditions, FIELDS);
  expect(box.tokens[0]).toEqual({ operator: ':', value: 'kim' });
  expect([searchIn(box), conditionsIn(box)]).toEqual(['kim', conditions]);
  expect(searchIn({ ...box, tokens: [...box.tokens, { operator: ':', value: ' lee ' }] })).toBe('lee');
  expect(searchIn(toBox('', conditions, FIELDS))).toBe('');
});

test('what is not finished is left out', () => {
  const token = (value: unknown) => ({ propertyKey: 'username', operator: '=' as const, value });
  const tokens = [token(''), token(null), token('a'), { operator: '=' as const, value: 'free text' }];
  expect(conditionsIn({ operation: 'and', tokens })).toEqual([{ field: 'username', operator: '==', value: 'a' }]);
});

test.each([
  ['from', '2026-03-01', 'lastLogin>=2026-03-01'],
  ['before', '2026-03-01', 'lastLogin<=2026-02-28T23:59:59.999Z'],
  ['on', '2024-02-29', 'lastLogin>=2024-02-29,lastLogin<=2024-02-29T23:59:59.999Z'],
])('a date is %s a day', (operator, value, filter) => {
  expect(signsOf(LAST_LOGIN)).toContain(operator);
  const tokens = [{ propertyKey: 'lastLogin', operator: operator as ':', value }, { propertyKey: 'username', operator: '=' as const, value: 'ana' }];
  const conditions = conditionsIn({ operation: 'and', tokens });
  expect(printFilter(conditions, FIELDS)).toBe(`${filter},username==ana`);
  expect(toBox('', conditions, FIELDS).tokens).toEqual(tokens);
});

test('a moment in an address is shown as it is, and a day that is none goes to the server', () => {
  const conditions: Condition[] = [
    { field: 'lastLogin', operator: '>=', value: '2026-01-31T09:30:00Z' },
    { field: 'lastLogin', operator: '<=', value: '2026-01-31' },
    { field: 'lastLogin', operator: '==', value: '2026-01-31' },
  ];
  const box = toBox('', conditions, FIELDS);
  expect(box.tokens.map(({ operator }) => operator)).toEqual(['>=', '<=', '=']);
  expect(conditionsIn(box)).toEqual(conditions);
  expect(conditionsIn({ operation: 'and', tokens: [{ propertyKey: 'lastLogin', operator: 'on', value: 'soon' }] })).toEqual([{ field: 'lastLogin', operator: '<=', value: 'soon' }]);
});
