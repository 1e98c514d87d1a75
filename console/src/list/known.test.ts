import { expect, test } from 'vitest';
import { queryClient } from '../api/queries';
import { knownRow } from './known';

test('a row is known from any page of its list', () => {
  queryClient.setQueryData(['users', 'list', { offset: 0 }], { rows: [{ id: 'a', username: 'ana' }], total: 2 });
  queryClient.setQueryData(['users', 'list', { offset: 50 }], { rows: [{ id: 'b', username: 'ben' }], total: 2 });
  queryClient.setQueryData(['rules', 'list', {}], { rows: [{ id: 7 }], total: 1 });
  expect(knownRow('users', 'b')).toEqual({ id: 'b', username: 'ben' });
  expect(knownRow('users', 'c')).toBeUndefined();
  expect(knownRow('rules', '7')).toEqual({ id: 7 });
});
