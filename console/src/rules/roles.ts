// Roles, as those need them who give one.
import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { entityName } from '../permissions/words';

export type Role = Schemas['RoleView'];

/** All roles, or those that the person may give in one scope: `department:7`. */
export function rolesQuery(grantableIn?: string) {
  return queryOptions({
    queryKey: ['roles', grantableIn ?? 'all'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/authorization/roles', { params: { query: grantableIn === undefined ? {} : { grantableIn } }, signal })),
    staleTime: 60_000,
  });
}

const WORDS: Record<string, string> = { read: 'view', update: 'edit' };

/** What a role allows, in people's words, one line for all that it allows the same with: `view: Departments, Projects`. */
export function allowedBy({ permissions }: Role): string[] {
  const lines = new Map<string, Set<string>>();
  for (const { resourceType, displayName, actions } of permissions) {
    const words = actions.map((action) => WORDS[action] ?? action).join(', ');
    lines.set(words, (lines.get(words) ?? new Set<string>()).add(entityName(resourceType, displayName)));
  }
  return [...lines].map(([words, names]) => `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${[...names].join(', ')}`);
}
