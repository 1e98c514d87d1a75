import { expect, test } from 'vitest';
import type { Permission } from '../permissions/permissions';
import type { Role } from '../rules/roles';
import { codesOf, copyOf, difference, EMPTY, formOf, linesFor, nearest, type PermissionSet, sameAs, toggled, withRole, withSets } from './draft';

const line = (resourceType: string, ...actions: string[]) => ({ resourceType, displayName: resourceType, groupId: 'organization', actions }) as Permission;
const set = (id: string, ...permissions: Permission[]): PermissionSet => ({ id, name: id, description: '', permissions });
const role = (name: string, custom: boolean, ...permissions: Permission[]) => ({ name, custom, permissions }) as unknown as Role;

const SETS = [set('projects', line('project', 'read', 'update')), set('policies', line('policies', 'read'), line('project', 'read'))];

test('a role is made from its sets until a permission is chosen by itself', () => {
  const made = withSets({ ...EMPTY, name: ' Lead ' }, ['policies', 'projects', 'unknown'], SETS);
  expect(made.sets).toEqual(['projects', 'policies']);
  expect([...made.permissions].sort()).toEqual(['policies:read', 'project:read', 'project:update']);
  expect(formOf(made)).toEqual({ name: 'Lead', description: '', permissionSets: [{ id: 'projects' }, { id: 'policies' }] });

  const changed = toggled(made, ['project:update']);
  expect(changed.sets).toEqual([]);
  expect(formOf(changed)).toEqual({ name: 'Lead', description: '', permissions: [{ resourceType: 'project', actions: ['read'] }, { resourceType: 'policies', actions: ['read'] }] });
  expect(toggled(changed, ['users:read']).permissions).toContain('users:read');
});

test('several permissions are chosen at once, and all of them are left at once', () => {
  const some = { ...EMPTY, permissions: ['project:read', 'users:read'] };
  const all = toggled(some, ['project:read', 'policies:read']);
  expect([...all.permissions].sort()).toEqual(['policies:read', 'project:read', 'users:read']);
  expect(toggled(all, ['project:read', 'policies:read']).permissions).toEqual(['users:read']);
});

test('a new role takes the permissions of another one, and is known to be the same', () => {
  const roles = [role('Viewer', false, line('project', 'read')), role('Mine', true, line('project', 'read', 'update'))];
  const like = withRole({ ...EMPTY, name: 'Lead', sets: ['projects'] }, roles[1] as Role);
  expect(like).toEqual({ name: 'Lead', description: '', sets: [], permissions: ['project:read', 'project:update'] });
  expect(sameAs(like.permissions, roles)?.name).toBe('Mine');
  expect(sameAs(['project:update'], roles)).toBeUndefined();
  expect(sameAs([], [role('Empty', true)])).toBeUndefined();
});

test('a copy begins as the role is, under another name', () => {
  const read = { name: 'Viewer', description: 'Sees.', permissionSets: [], permissions: [line('project', 'read')] } as unknown as Parameters<typeof copyOf>[0];
  expect(copyOf(read)).toEqual({ name: 'Viewer (copy)', description: 'Sees.', sets: [], permissions: ['project:read'] });
});

test('the nearest predefined role has the fewest differences', () => {
  const roles = [role('Viewer', false, line('project', 'read')), role('Editor', false, line('project', 'read', 'update', 'delete')), role('Mine', true, line('project', 'read', 'update'))];
  const found = nearest(['project:read', 'project:update', 'policies:read'], roles);
  expect(found && [found.role.name, found.more, found.less]).toEqual(['Viewer', ['project:update', 'policies:read'], []]);
  expect(nearest([], roles)).toBeUndefined();
  expect(difference(['a', 'b'], ['b', 'c'])).toEqual({ more: ['a'], less: ['c'] });
});

test('permissions are named in the order of the catalogue', () => {
  const catalogue = [line('project', 'read', 'update'), line('policies', 'read')];
  expect(codesOf(linesFor(['policies:read', 'project:update', 'gone:read'], catalogue))).toEqual(['project:update', 'policies:read']);
});
