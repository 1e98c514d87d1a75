import { expect, test } from 'vitest';
import { Failure } from '../api/failure';
import type { Field } from './filter';
import { refusalOf } from './refusal';

const FIELDS: Field[] = [
  { name: 'lastLogin', label: 'Last login', kind: 'date' },
  { name: 'isLocal', label: 'Type', kind: 'bool', words: [{ value: 'true', label: 'Local' }, { value: 'false', label: 'SSO' }] },
  { name: 'enabled', label: 'Can sign in', kind: 'bool' },
];
const refused = (message: string) => refusalOf(Failure.of(new Response(null, { status: 400 }), { message }), FIELDS);

test.each([
  ['filterBy: "soon" at byte 11 is not a value for lastLogin, which holds an ISO 8601 date (2026-01-31)', '“soon” is not a value for Last login. Choose a day.'],
  ['filterBy: "maybe" at byte 9 is not a value for isLocal, which holds true or false', '“maybe” is not a value for Type. Choose Local or SSO.'],
  ['filterBy: "maybe" at byte 9 is not a value for enabled, which holds true or false', '“maybe” is not a value for Can sign in. Choose Yes or No.'],
  ['filterBy: "=@yes" at byte 7 does not suit enabled, which holds true or false and takes == !=', '“=@yes” is no condition for Can sign in.'],
  ['filterBy: "nonsense" at byte 0 is not a known field; a filter is field, operator, value, and the fields are lastLogin', 'This list has no condition “nonsense”.'],
  ['filterBy: "x" at byte 40 is one condition too many; a filter has at most 20', 'The filter cannot be read.'],
  ['search: it has 300 characters; at most 255 are accepted', 'Search: It has 300 characters; at most 255 are accepted.'],
])('%s', (message, shown) => {
  expect(refused(message)).toBe(shown);
});
