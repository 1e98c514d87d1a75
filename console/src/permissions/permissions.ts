// What the person who is signed in may do, so that the console offers nothing else. It decides nothing: the server does.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { Failure } from '../api/failure';

export type Action = 'create' | 'read' | 'update' | 'delete';

/** The permissions for one type of resource. */
export type Permission = Schemas['PermissionView'];

/** What a page or a button needs. */
export type Need = readonly [resourceType: string, action: Action];

/** In any scope, or in one: `tenant:1001`. */
export function permissionsQuery(scope?: string) {
  return queryOptions({
    queryKey: ['permissions', scope ?? 'anywhere'],
    queryFn: async ({ signal }) => {
      try {
        return await answer(api.GET('/api/v1/authorization/permissions', { params: { query: scope === undefined ? {} : { scope } }, signal }));
      } catch (error) {
        // A scope that the person does not see permits nothing.
        if (error instanceof Failure && error.status === 404) return [];
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

/** Whether those permissions include it. */
export function allows(permissions: readonly Permission[], [resourceType, action]: Need): boolean {
  return permissions.some((permission) => permission.resourceType === resourceType && permission.actions.includes(action));
}

/** Whether they have any access rule at all; undefined until it is known. Each role permits something, and nothing else does. */
export function useHasAccess(): boolean | undefined {
  const { data } = useQuery(permissionsQuery());
  return data && data.length > 0;
}

/** Asks whether the person may. Until it is known, they may not. */
export function useMay(scope?: string): (need: Need) => boolean {
  const { data } = useQuery(permissionsQuery(scope));
  return (need) => data !== undefined && allows(data, need);
}
