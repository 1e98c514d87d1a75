// Users, as the API has them.
import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { Failure } from '../api/failure';
import { queryClient } from '../api/queries';
import { AUTHOR_WORDS } from '../authors';
import type { Field } from '../list/filter';
import type { ListPageOfRows, ListQuery } from '../list/source';

export type User = Schemas['UserView'];
export type HeldRule = Schemas['HeldRuleView'];
/** The rules of a user that the person sees; all are counted, and the first are there. */
export type Held = Schemas['UserRules'];
/** A row of the list: a user with their rules, unless they were deleted meanwhile. */
export type UserRow = User & { held?: Held };
/** A user as they were read, with the tag that says so. */
export interface ReadUser {
  user: User;
  etag: string | null;
}
export type Credentials = Schemas['CreatedUserView'];

const TYPES = [
  { value: 'true', label: 'Local' },
  { value: 'false', label: 'SSO' },
] as const;

export const USER_FIELDS: readonly Field[] = [
  { name: 'username', label: 'User', kind: 'text', suggests: 'users' },
  { name: 'isLocal', label: 'Type', kind: 'bool', words: TYPES },
  { name: 'accessRules', label: 'Access rule(s)', kind: 'integer' },
  { name: 'roleName', label: 'Role', kind: 'text', suggests: 'roles' },
  { name: 'accessIn', label: 'Has access in', kind: 'scope' },
  { name: 'enabled', label: 'Can sign in', kind: 'bool' },
  { name: 'neverSignedIn', label: 'Never signed in', kind: 'bool' },
  { name: 'temporaryPassword', label: 'Temporary password', kind: 'bool' },
  { name: 'generatedPassword', label: 'Generated password', kind: 'bool' },
  { name: 'emailChanged', label: 'Email changed at the provider', kind: 'bool' },
  { name: 'createdBy', label: 'Created by', kind: 'text', suggests: 'users', someWords: AUTHOR_WORDS },
  { name: 'lastLogin', label: 'Last login', kind: 'date' },
  { name: 'creationTime', label: 'Creation time', kind: 'date' },
  { name: 'lastUpdated', label: 'Last updated', kind: 'date' },
];

export function typeOf(user: User): string {
  return user.isLocal ? 'Local' : 'SSO';
}

export async function readUsers(query: ListQuery, signal: AbortSignal): Promise<ListPageOfRows<UserRow>> {
  const { filterBy, search } = query;
  const narrowed = { ...(filterBy === undefined ? {} : { filterBy }), ...(search === undefined ? {} : { search }) };
  const [users, { count }] = await Promise.all([
    answer(api.GET('/api/v1/users', { params: { query }, signal })),
    answer(api.GET('/api/v1/users/count', { params: { query: narrowed }, signal })),
  ]);
  const held = new Map((await readHeld(users.map(({ id }) => id), signal)).map((held) => [held.id, held]));
  return { rows: users.map((user) => ({ ...user, ...optional('held', held.get(user.id)) })), total: count };
}

/** As many users as the server gives the rules of at once. */
const HELD_AT_ONCE = 100;

const USER_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The rules of these users. Users who do not exist are left out, and so are words from an address that are no ids: the server would refuse all for them. */
export async function readHeld(userIds: readonly string[], signal: AbortSignal): Promise<Held[]> {
  const ids = userIds.filter((id) => USER_ID.test(id));
  const parts = [];
  for (let start = 0; start < ids.length; start += HELD_AT_ONCE) parts.push(ids.slice(start, start + HELD_AT_ONCE).join(','));
  const answers = await Promise.all(parts.map((ids) => answer(api.GET('/api/v1/users/access-rules', { params: { query: { userIds: ids } }, signal }))));
  return answers.flatMap(({ users }) => users);
}

/** The id may come from an address, and be none. */
export async function readUser(userId: string, signal: AbortSignal): Promise<ReadUser> {
  if (!USER_ID.test(userId)) throw Failure.notThere('user-not-found');
  const call = api.GET('/api/v1/users/{userId}', { params: { path: { userId } }, signal });
  return { user: await answer(call), etag: (await call).response.headers.get('etag') };
}

export async function createUser(body: Schemas['NewUser'], signal: AbortSignal): Promise<Credentials> {
  try {
    return await answer(api.POST('/api/v1/users', { body, signal }));
  } finally {
    // Also after a failure: the answer may have been lost, and not the user.
    void queryClient.invalidateQueries({ queryKey: ['users'] });
  }
}

/** Gives them a new temporary password. */
export function resetPassword(read: ReadUser, signal: AbortSignal): Promise<Schemas['TemporaryPassword']> {
  return change(read, answer(api.POST('/api/v1/users/{userId}/password', { params: about(read), signal })));
}

export function deleteUser(read: ReadUser, signal: AbortSignal): Promise<unknown> {
  return change(read, answer(api.DELETE('/api/v1/users/{userId}', { params: about(read), signal })));
}

export function disableUser(read: ReadUser, signal: AbortSignal): Promise<unknown> {
  return change(read, answer(api.POST('/api/v1/users/{userId}/disable', { params: about(read), signal })));
}

export function enableUser(read: ReadUser, signal: AbortSignal): Promise<unknown> {
  return change(read, answer(api.POST('/api/v1/users/{userId}/enable', { params: about(read), signal })));
}

export function logOut(read: ReadUser, signal: AbortSignal): Promise<unknown> {
  return change(read, answer(api.POST('/api/v1/users/{userId}/logout', { params: about(read), signal })));
}

/** Another person at an identity provider may become this user. */
export function unbind(read: ReadUser, signal: AbortSignal): Promise<unknown> {
  return change(read, answer(api.DELETE('/api/v1/users/{userId}/binding', { params: about(read), signal })));
}

/** What it would do to give the user the email that their identity provider calls them by. */
export function emailChangeQuery(userId: string) {
  return queryOptions({
    queryKey: ['users', 'email', userId],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/users/{userId}/email', { params: { path: { userId } }, signal })),
    // What the person agrees to is no older than the dialog.
    staleTime: 0,
    gcTime: 0,
  });
}

export async function changeEmail(read: ReadUser, { emailAtProvider: email, seen }: Schemas['EmailChangeView'], signal: AbortSignal): Promise<void> {
  try {
    await change(read, answer(api.PUT('/api/v1/users/{userId}/email', { params: about(read), body: { email, seen }, signal })));
  } catch (error) {
    // Perhaps other access rules would go along by now.
    await queryClient.invalidateQueries({ queryKey: emailChangeQuery(read.user.id).queryKey });
    throw error;
  }
}

/** Nothing happens to a user who is not any more what the person saw. */
function about({ user, etag }: ReadUser) {
  return { path: { userId: user.id }, header: optional('If-Match', etag ?? undefined) };
}

/** What is shown is read anew, also after a failure: then the user is not what was shown, or the answer was lost. */
async function change<Done>({ user }: ReadUser, call: Promise<Done>): Promise<Done> {
  try {
    return await call;
  } catch (error) {
    await queryClient.invalidateQueries({ queryKey: oneUser(user.id) });
    throw error;
  } finally {
    for (const queryKey of [['users', 'list'], ['users', 'held'], ['rules']]) void queryClient.invalidateQueries({ queryKey });
  }
}

/** Where the cache has one user. */
export function oneUser(id: string) {
  return ['users', 'one', id] as const;
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };
}
