// Roles, as those need them who give one.
import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

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
