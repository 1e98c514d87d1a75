import { expect, test } from 'vitest';
import { grouped, shownActions } from './matrix';
import type { Permission } from './permissions';

const PERMISSIONS: Permission[] = [
  { resourceType: 'users', displayName: 'Users', groupId: 'iam', actions: ['read'] },
  { resourceType: 'project', displayName: 'Projects', groupId: 'organization', actions: ['read', 'create'] },
  { resourceType: 'roles', displayName: 'Roles', groupId: 'iam', actions: ['read'] },
];

const told = (search: string) => grouped(PERMISSIONS, search).map(({ label, below }) => [label, below.map(({ code }) => code)]);

test('types of resource stand under their groups', () => {
  expect(told('')).toEqual([['Access', ['users', 'roles']], ['Organization', ['project']]]);
});

test('a search looks at names, words and groups', () => {
  expect(told(' PROJ')).toEqual([['Organization', ['project']]]);
  expect(told('access')).toEqual([['Access', ['users', 'roles']]]);
  expect(told('nothing')).toEqual([]);
});

test('a column is there for what is unusual only where something has it', () => {
  expect(shownActions(PERMISSIONS).map(({ label }) => label)).toEqual(['View', 'Edit', 'Create', 'Delete']);
  expect(shownActions([{ resourceType: 'templates', displayName: 'Templates', groupId: 'iam', actions: ['sync'] }])).toHaveLength(5);
});
