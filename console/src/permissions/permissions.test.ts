import { expect, test, vi } from 'vitest';
import { queryClient } from '../api/queries';
import { allows, type Permission, permissionsQuery } from './permissions';

const PERMISSIONS: Permission[] = [
  { resourceType: 'users', actions: ['read'] },
  { resourceType: 'projects', actions: ['read', 'create'] },
];

test('only what is listed is allowed', () => {
  expect(allows(PERMISSIONS, ['users', 'read'])).toBe(true);
  expect(allows(PERMISSIONS, ['users', 'create'])).toBe(false);
  expect(allows(PERMISSIONS, ['clusters', 'read'])).toBe(false);
  expect(allows([], ['users', 'read'])).toBe(false);
});

test('the server is asked for any scope, or for one', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address);
    return Promise.resolve(new Response(JSON.stringify(PERMISSIONS)));
  });
  expect(await queryClient.query(permissionsQuery())).toEqual(PERMISSIONS);
  await queryClient.query(permissionsQuery('tenant:1001'));
  expect(asked).toEqual(['/api/v1/authorization/permissions', '/api/v1/authorization/permissions?scope=tenant%3A1001']);
  vi.unstubAllGlobals();
});
