// The access rules of the person who is signed in: which are theirs, and what they lose with them.
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { queryClient } from '../api/queries';
import { belowQuery, keyOf, type Node } from '../organisation/organisation';
import type { Session } from '../session/session';
import type { Rule } from './rules';

/** As many as the server gives at once. */
const AT_MOST = 500;

export function isOwn({ subjectType, subjectId }: Pick<Rule, 'subjectType' | 'subjectId'>, session: Session | undefined): boolean {
  return subjectType === 'user' ? subjectId === session?.username : subjectType === 'group' && session?.groups.includes(subjectId) === true;
}

/** `Viewer in research`, to the person who has it. */
export function loss({ roleName, scopeName, subjectType, subjectId }: Pick<Rule, 'roleName' | 'scopeName' | 'subjectType' | 'subjectId'>): string {
  return `${roleName} in ${scopeName}${subjectType === 'group' ? ` (with the whole group ${subjectId})` : ''}`;
}

const WIDEST_FIRST = ['tenant', 'cluster', 'department', 'project'];

/** The widest scope in which the person has a role; of several the first by name. Null without any. */
export const ownScopeQuery = queryOptions({
  queryKey: ['rules', 'own', 'widest'],
  queryFn: async ({ signal }): Promise<string | null> => {
    const query = { limit: AT_MOST, sortBy: 'scopeName' as const };
    const { accessRules } = (await answer(api.GET('/api/v1/authorization/me/access-rules', { params: { query }, signal }))).accessRules;
    return widestOf(accessRules);
  },
});

export function widestOf(rules: readonly Pick<Rule, 'scopeType' | 'scopeId'>[]): string | null {
  const [widest] = rules.toSorted((a, b) => WIDEST_FIRST.indexOf(a.scopeType) - WIDEST_FIRST.indexOf(b.scopeType));
  return widest === undefined ? null : `${widest.scopeType}:${widest.scopeId}`;
}

/** The person's own rules that are deleted with a scope. */
export function ownRulesWithQuery(node: Node) {
  return queryOptions({
    queryKey: ['rules', 'own', 'with', keyOf(node)],
    queryFn: async ({ signal }): Promise<Rule[]> => {
      // A cluster goes with its default department. With more than that in it, it does not go.
      const below = node.type === 'cluster' ? (await queryClient.query({ ...belowQuery(node, 0), staleTime: 0 })).nodes : [];
      const scopes = below.length === 1 ? [node, ...below] : [node];
      const found = await Promise.all(
        scopes.map(async ({ type, id }) => {
          const query = { filterBy: `scopeType==${type},scopeId==${id}`, limit: AT_MOST };
          return (await answer(api.GET('/api/v1/authorization/me/access-rules', { params: { query }, signal }))).accessRules.accessRules;
        }),
      );
      return found.flat();
    },
    staleTime: 0,
    // Not kept for the next dialog: it may be another answer by then.
    gcTime: 0,
  });
}
