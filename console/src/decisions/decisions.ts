// Asking the server: may someone, why, who may, and what all. Their place in the cache is among the permissions, so that whatever
// changes those has them asked anew.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { queryClient } from '../api/queries';
import { printParameters } from '../list/address';
import { type Permission, printPermission, printSubject, type Subject, type SubjectType } from './question';
import type { AllowingRule } from './words';

export type Decision = Schemas['DecisionAnswer'];

/** Everything that can be permitted, a line for each type of resource. */
export const resourceTypesQuery = queryOptions({
  queryKey: ['resource-types'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/authorization/resource-types', { signal })),
  staleTime: Infinity,
});

/** Whether the subject may, and why. Asked anew at each look. */
export function decisionQuery(subject: Subject, permission: Permission, scope: string) {
  return queryOptions({
    queryKey: ['permissions', 'decision', printSubject(subject), printPermission(permission), scope],
    queryFn: ({ signal }) => answer(api.POST('/access/v1/evaluation', { body: { subject, ...asked(permission, scope) }, signal })),
    staleTime: 0,
  });
}

/** What is asked of several subjects: who of that type may do that there? */
export interface WhoCan {
  type: SubjectType;
  permission: Permission;
  scope: string;
  /** What their names hold. */
  search: string;
}

/** As many names as the server gives at once, and as many questions as it answers at once. */
export const AT_ONCE = 1000;

export interface Names {
  names: string[];
  /** How many come before them. */
  before: number;
  /** Where the next ones begin; empty at the end. */
  next: string;
}

/** Those who may, in the order of their names, from behind a token on. `before` is how many come before them. */
export async function readNames({ type, permission, scope, search }: WhoCan, token: string, before: number, signal?: AbortSignal): Promise<Names> {
  const page = { limit: AT_ONCE, ...(token === '' ? {} : { token }), ...(search === '' ? {} : { properties: { search } }) };
  const body = { subject: { type }, ...asked(permission, scope), page };
  const { results, page: after } = await answer(api.POST('/access/v1/search/subject', { body, ...(signal === undefined ? {} : { signal }) }));
  return { names: results.map(({ id }) => id), before, next: after.next_token };
}

/** The part of that number of the names, from 0: each begins where the one before ended. Beyond the end there are none. */
export function namesQuery(question: WhoCan, number: number) {
  return queryOptions({
    queryKey: partKey(question, number),
    queryFn: async ({ signal }): Promise<Names> => {
      let token = '';
      let before = 0;
      // The number is an address's, and may be far beyond the end: the last part ends the loop.
      for (let earlier = 0; earlier < number; earlier += 1) {
        const part: Names = await queryClient.query(partQuery(question, earlier, token, before));
        before = part.before + part.names.length;
        if (part.next === '') return { names: [], before, next: '' };
        token = part.next;
      }
      return readNames(question, token, before, signal);
    },
  });
}

/** The same part, from where the ones before it ended. */
function partQuery(question: WhoCan, number: number, token: string, before: number) {
  return queryOptions({ queryKey: partKey(question, number), queryFn: ({ signal }) => readNames(question, token, before, signal) });
}

function partKey({ type, permission, scope, search }: WhoCan, number: number) {
  return ['permissions', 'names', type, printPermission(permission), scope, search, number] as const;
}

/** Someone who may, and by which rules. */
export interface Holder {
  subject: Subject;
  rules: readonly AllowingRule[];
  /** How many more there are. */
  hidden: number;
}

/** By which rules they may. Up to `AT_ONCE` of them. */
export async function readHolders({ type, permission, scope }: WhoCan, names: readonly string[], signal: AbortSignal): Promise<Holder[]> {
  const subjects = names.map((id): Subject => ({ type, id }));
  if (subjects.length === 0) return [];
  const body = { ...asked(permission, scope), evaluations: subjects.map((subject) => ({ subject })) };
  const answered = await answer(api.POST('/access/v1/evaluations', { body, signal }));
  const evaluations = 'evaluations' in answered ? answered.evaluations : [answered];
  return subjects.map((subject, index) => {
    const context = evaluations[index]?.context;
    return { subject, rules: context?.rules ?? [], hidden: context?.hiddenRules ?? 0 };
  });
}

/** Where the server has all of them as a file, with these columns. */
export function holdersFile({ type, permission, scope, search }: WhoCan, columns: readonly string[]): string {
  const question = { subjectType: type, resourceType: permission.resourceType, action: permission.action, scope };
  return `/api/v1/authorization/who-can/export${printParameters({ ...question, ...(search === '' ? {} : { search }), columns: columns.join(',') })}`;
}

export type EffectiveScope = Schemas['EffectiveScope'];

/** As many scopes as are asked for at once. */
const SCOPES_AT_ONCE = 100;

/** All that the subject may do, scope by scope, page by page. */
export function effectiveQuery({ type, id }: Subject) {
  return infiniteQueryOptions({
    queryKey: ['permissions', 'effective', printSubject({ type, id })],
    queryFn: ({ pageParam, signal }) => {
      const query = { subjectType: type, subjectId: id, limit: SCOPES_AT_ONCE, ...(pageParam === '' ? {} : { pageToken: pageParam }) };
      return answer(api.GET('/api/v1/authorization/effective-permissions', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }) => nextPageToken ?? undefined,
  });
}

function asked({ resourceType, action }: Permission, scope: string) {
  return { action: { name: action }, resource: { type: resourceType, id: scope } };
}
