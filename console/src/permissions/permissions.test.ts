import { expect, test, vi } from 'vitest';
import { api } from '../api/client';
import { queryClient } from '../api/queries';
import { allows, type Permission, permissionsQuery } from './permissions';

const PERMISSIONS: Permission[] = [
  { resourceType: 'users', displayName: 'Users', groupId: 'iam', actions: ['read'] },
  { resourceType: 'project', displayName: 'Projects', groupId: 'organization', actions: ['read', 'create'] },
];

test('only what is listed is allowed', () => {
  expect(allows(PERMISSIONS, ['users', 'read'])).toBe(true);
  expect(allows(PERMISSIONS, ['users', 'create'])).toBe(false);
  expect(allows(PERMISSIONS, ['clusters', 'read'])).toBe(false);
  expect(allows([], ['users', 'read'])).toBe(false);
});

test('the server is asked for any scope, or for one', async () => {
  const get = vi.spyOn(api, 'GET').mockImplementation(() => Promise.resolve({ data: PERMISSIONS, response: new Response() }) as never);
  expect(await queryClient.query(permissionsQuery())).toEqual(PERMISSIONS);
  await queryClient.query(permissionsQuery('tenant:1001'));
  expect(get).toHaveBeenNthCalledWith(1, '/api/v1/authorization/permissions', expect.objectContaining({ params: { query: {} } }));
  expect(get).toHaveBeenNthCalledWith(2, '/api/v1/authorization/permissions', expect.objectContaining({ params: { query: { scope: 'tenant:1001' } } }));
});
