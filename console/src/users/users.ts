// Users, as the API has them.
import { answer, api, type Schemas } from '../api/client';
import { queryClient } from '../api/queries';
import type { Field } from '../list/filter';
import type { ListPageOfRows, ListQuery } from '../list/source';

export type User = Schemas['UserView'];
export type Credentials = Schemas['CreatedUserView'];

const TYPES = [
  { value: 'true', label: 'Local' },
  { value: 'false', label: 'SSO' },
] as const;

export const USER_FIELDS: readonly Field[] = [
  { name: 'username', label: 'User', kind: 'text' },
  { name: 'isLocal', label: 'Type', kind: 'bool', words: TYPES },
  { name: 'enabled', label: 'May sign in', kind: 'bool' },
  { name: 'createdBy', label: 'Created by', kind: 'text' },
  { name: 'lastLogin', label: 'Last login', kind: 'date' },
  { name: 'creationTime', label: 'Creation time', kind: 'date' },
  { name: 'lastUpdated', label: 'Last updated', kind: 'date' },
];

export function typeOf(user: User): string {
  return user.isLocal ? 'Local' : 'SSO';
}

export async function readUsers(query: ListQuery, signal: AbortSignal): Promise<ListPageOfRows<User>> {
  const { filterBy, search } = query;
  const narrowed = { ...(filterBy === undefined ? {} : { filterBy }), ...(search === undefined ? {} : { search }) };
  const [rows, { count }] = await Promise.all([
    answer(api.GET('/api/v1/users', { params: { query }, signal })),
    answer(api.GET('/api/v1/users/count', { params: { query: narrowed }, signal })),
  ]);
  return { rows, total: count };
}

export async function createUser(email: string): Promise<Credentials> {
  const created = await answer(api.POST('/api/v1/users', { body: { email } }));
  void queryClient.invalidateQueries({ queryKey: ['users'] });
  return created;
}
