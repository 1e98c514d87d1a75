import { expect, test } from 'vitest';
import { Failure, FieldProblem, naming, notThere, problemIn, sentence } from './failure';

const refused = (message: string, status = 400) => Failure.of(new Response(null, { status }), { message });

test.each([
  ['newPassword: it is too short', 'New password: It is too short.', 'newPassword', 'It is too short.'],
  ['roleId: there is no role 7', 'Role: There is no role 7.', 'roleId', 'There is no role 7.'],
  ['email: "a:b" is none', 'Email: “a:b” is none.', 'email', '“a:b” is none.'],
  ['payload.subjects[10].subjectId: it is too long', 'Subject: It is too long.', 'subjectId', 'It is too long.'],
])('%j names the field in words', (message, shown, field, problem) => {
  const failure = refused(message);
  expect([failure.message, failure.field, failure.problem]).toEqual([shown, field, problem]);
});

test('of a list the entry is named that the problem is about', () => {
  const refusal = refused('payload.subjects[1].subjectId: it has 300 characters; at most 255 are accepted');
  expect(refusal.index).toBe(1);
  const problem = problemIn(['subjectId'])(refusal);
  const said = (...entries: string[]) => naming(problem, entries).text;
  expect(said('ana@example.com', 'b'.repeat(300))).toBe(`“${'b'.repeat(40)}…”: It has 300 characters; at most 255 are accepted.`);
  expect(said('b'.repeat(300))).toBe('It has 300 characters; at most 255 are accepted.');
  expect(refused('subjectId: it is too long').index).toBeUndefined();
});

test('what is about no field is a sentence', () => {
  const failure = refused('a user ana@example.com already exists', 409);
  expect([failure.message, failure.field]).toEqual(['A user ana@example.com already exists.', undefined]);
});

test('a message is a sentence, and an email in it stays as it is', () => {
  expect(sentence('no access rule permits it')).toBe('No access rule permits it.');
  expect(sentence('Done!')).toBe('Done!');
  expect(sentence('"a"b" at byte 7, or "c"')).toBe('“a"b” at byte 7, or “c”.');
  expect(sentence('a screen of 24" or less')).toBe('A screen of 24" or less.');
  expect(sentence('ana@example.com already has Viewer')).toBe('ana@example.com already has Viewer.');
});

test('a form takes the refusals of its own fields, and of no others', () => {
  const take = problemIn(['email']);
  expect(take(refused('email: it is too long'))).toEqual(new FieldProblem('email', 'It is too long.'));
  for (const other of [refused('name: it is too long'), refused('no', 409), new Error('no')]) expect(() => take(other)).toThrow(other);
});

test('a conflict is about the field that must be unique', () => {
  const take = problemIn(['name', 'description'], 'name');
  expect(take(refused('a cluster named "berlin" already exists', 409))).toEqual(new FieldProblem('name', 'A cluster named “berlin” already exists.'));
  const other = refused('a cluster named "berlin" already exists', 403);
  expect(() => take(other)).toThrow(other);
});

test('what is not there is told without its id, and to those who may not see everything as what they see', () => {
  expect(notThere('user-not-found', 'there is no user with the id 17')).toBe('There is no such user; they may have been deleted.');
  expect(notThere('rule-not-found', 'there is no access rule 3 that you can see')).toBe('There is no such access rule that you can see; it may have been deleted.');
  expect(notThere('last-administrator', 'anything')).toBeUndefined();
});
