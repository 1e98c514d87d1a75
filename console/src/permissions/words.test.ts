import { expect, test } from 'vitest';
import { deedOf, entityName, withoutCodes } from './words';

test('a deed is said with the words of people', () => {
  expect(deedOf({ resourceType: 'workspaces', action: 'read' }, 'Workspaces')).toBe('view workspaces');
  expect(deedOf({ resourceType: 'access_rules', action: 'update' })).toBe('edit access rules');
  expect(deedOf({ resourceType: 'new-things', action: 'launch' })).toBe('launch new things');
});

test('types of resource that share a name are told apart', () => {
  expect(entityName('nfs-assets', 'Data sources')).toBe('Data sources (NFS)');
  expect(entityName('roles', 'Roles')).toBe('Roles');
  expect(deedOf({ resourceType: 'git-assets', action: 'create' })).toBe('create data sources (Git)');
});

test.each([
  ['you need access_rules:create in cluster "berlin"', 'you need permission to create access rules in cluster "berlin"'],
  ['you need users:read in at least one scope', 'you need permission to view users in at least one scope'],
  ['Editor permits service-account:delete and 3 more in the account, which you don\'t have there', "Editor includes permission to delete service accounts and 3 more in the account, which you don't have there"],
  ['no access rule permits workspaces:create to ana@example.com in research', 'no access rule permits this'],
  ['a user ana@example.com already exists', 'a user ana@example.com already exists'],
  ['there is no scope project:7', 'there is no scope project:7'],
])('%s', (message, shown) => {
  expect(withoutCodes(message)).toBe(shown);
});
