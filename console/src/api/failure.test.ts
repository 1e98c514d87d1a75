import { expect, test } from 'vitest';
import { Failure, FieldProblem, problemIn } from './failure';

const refused = (message: string, status = 400) => Failure.of(new Response(null, { status }), { message });

test.each([
  ['newPassword: it is too short', 'New password: It is too short.', 'newPassword', 'It is too short.'],
  ['roleId: there is no role 7', 'Role: There is no role 7.', 'roleId', 'There is no role 7.'],
  ['email: "a:b" is none', 'Email: "a:b" is none.', 'email', '"a:b" is none.'],
])('%j names the field in words', (message, shown, field, problem) => {
  const failure = refused(message);
  expect([failure.message, failure.field, failure.problem]).toEqual([shown, field, problem]);
});

test('what is about no field is a sentence', () => {
  const failure = refused('a user ana@example.com already exists', 409);
  expect([failure.message, failure.field]).toEqual(['A user ana@example.com already exists.', undefined]);
});

test('a form takes the refusals of its own fields, and of no others', () => {
  const take = problemIn('email');
  expect(take(refused('email: it is too long'))).toEqual(new FieldProblem('email', 'It is too long.'));
  for (const other of [refused('name: it is too long'), refused('no', 409), new Error('no')]) expect(() => take(other)).toThrow(other);
});
