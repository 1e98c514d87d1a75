import { expect, test } from 'vitest';
import type { Permission } from './permissions';
import { unseenOf } from './unseen';

const IN_ACCOUNT: Permission[] = [
  { resourceType: 'users', displayName: 'Users', groupId: 'iam', actions: ['read'] },
  { resourceType: 'access_rules', displayName: 'Access rules', groupId: 'iam', actions: ['create'] },
];

test('only who may view all of it is told that there is none', () => {
  expect(unseenOf(IN_ACCOUNT, ['users'])).toBe('');
  expect(unseenOf(IN_ACCOUNT, ['access_rules'])).toBe(' you can see');
  expect(unseenOf(IN_ACCOUNT, ['users', 'project'])).toBe(' you can see');
  expect(unseenOf(undefined, ['users'])).toBe(' you can see');
});
