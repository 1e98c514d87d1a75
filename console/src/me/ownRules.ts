// The access rules of the person who is signed in, as sentences to them.
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import type { Rule } from '../rules/rules';

export const AT_ONCE = 25;

export function ownRulesQuery(page: number) {
  return queryOptions({
    queryKey: ['rules', 'own', page],
    queryFn: async ({ signal }) => {
      const query = { limit: AT_ONCE, offset: (page - 1) * AT_ONCE, sortBy: 'scopeName' as const };
      return (await answer(api.GET('/api/v1/authorization/me/access-rules', { params: { query }, signal }))).accessRules;
    },
  });
}

/** `You have` `Viewer` `in Research (through the group x)`: in parts, since the role may be a link. */
export function sentenceOf({ roleName, scopeName, subjectType, subjectId }: Pick<Rule, 'roleName' | 'scopeName' | 'subjectType' | 'subjectId'>) {
  const through = subjectType === 'group' ? ` (through the group ${subjectId})` : '';
  return { before: 'You have', role: roleName, after: `in ${scopeName}${through}` };
}
