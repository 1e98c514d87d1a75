import { expect, test } from 'vitest';
import { changedQuestion, hrefOf, parseQuestion, permissionIn, printPermission, printSubject, subjectIn } from './question';

test('what makes no sense in an address is left out', () => {
  expect(parseQuestion({ tab: 'nonsense', subject: 'user:ana@example.com', of: 'user', page: '0', size: '7', can: '' })).toEqual({ subject: 'user:ana@example.com' });
  expect(parseQuestion({ tab: 'who', of: 'group', page: '3', size: '100' })).toEqual({ tab: 'who', of: 'group', page: 3, size: 100 });
});

test.each(['1e3', '007', '2.0', '-2', '10000000000'])('%s is no page', (page) => {
  expect(parseQuestion({ page })).toEqual({});
});

test('a link leads to the question that it was made of', () => {
  const question = { tab: 'who', can: 'workspaces:create', scope: 'department:7', page: 2 } as const;
  const { search } = new URL(hrefOf(question), 'http://localhost');
  expect(parseQuestion(Object.fromEntries(new URLSearchParams(search)))).toEqual(question);
});

test('another question is answered from its first page on', () => {
  expect(changedQuestion({ page: 3, scope: 'department:7' }, { scope: 'department:8' })).toEqual({ scope: 'department:8' });
  expect(changedQuestion({ page: 3, search: 'x' }, { search: undefined })).toEqual({});
  expect(changedQuestion({ page: 3, dialog: 'x' }, { dialog: undefined })).toEqual({ page: 3 });
});

test('subjects and permissions are read as they are printed', () => {
  const group = { type: 'group', id: 'eu:ml-team' } as const;
  expect(subjectIn(printSubject(group))).toEqual(group);
  expect(subjectIn('user:')).toBeUndefined();
  expect(subjectIn('person:x')).toBeUndefined();
  const permission = { resourceType: 'workspaces', action: 'create' };
  expect(permissionIn(printPermission(permission))).toEqual(permission);
  for (const word of [undefined, 'workspaces', 'workspaces:', ':create', 'a:b:c']) expect(permissionIn(word)).toBeUndefined();
});
