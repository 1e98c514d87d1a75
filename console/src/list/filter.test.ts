import { expect, test } from 'vitest';
import { type Condition, type Field, OPERATORS, parseFilter, printFilter } from './filter';

const FIELDS: Field[] = [
  { name: 'username', label: 'User', kind: 'text' },
  { name: 'user', label: 'Other', kind: 'text' },
  { name: 'isLocal', label: 'Type', kind: 'bool' },
];

const condition = (field: string, operator: Condition['operator'], value: string): Condition => ({ field, operator, value });

test.each([
  'ana',
  'a,b',
  ',',
  'a,',
  ',a',
  'says "hi", then \'bye\'',
  ' spaces stay ',
  '=@==<=',
  'a,unknown==b',
  'a,username',
  'a,username=b',
  '100%_*\\',
  'ä, 🦊',
])('the value %j comes back exactly, alone and between others', (value) => {
  for (const operator of OPERATORS) {
    const conditions = [condition('isLocal', '==', 'true'), condition('username', operator, value), condition('user', '!@', 'x')];
    const text = printFilter(conditions, FIELDS);
    expect(text).toBe(`isLocal==true,username${operator}${value},user!@x`);
    expect(parseFilter(text ?? '', FIELDS)).toEqual(conditions);
  }
});

test('a value that reads like another condition cannot be said, and is not said wrongly', () => {
  expect(printFilter([condition('username', '==', 'a,isLocal==true')], FIELDS)).toBeUndefined();
  expect(printFilter([condition('username', '==', '')], FIELDS)).toBeUndefined();
});

test('no filter is the empty one', () => {
  expect(parseFilter('', FIELDS)).toEqual([]);
  expect(printFilter([], FIELDS)).toBe('');
});

test.each(['nonsense', 'unknown==a', 'username', 'username=a', 'username==', 'username==a,isLocal==', ',username==a'])(
  '%j is no filter, as for the server',
  (text) => {
    expect(parseFilter(text, FIELDS)).toBeUndefined();
  },
);

test('a name that begins like another is never taken for it', () => {
  expect(parseFilter('username==user==x', FIELDS)).toEqual([condition('username', '==', 'user==x')]);
  expect(parseFilter('usernames==x', FIELDS)).toBeUndefined();
});
