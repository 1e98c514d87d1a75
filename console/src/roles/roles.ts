// Roles, for those who look them up: one of them, who has it, and all in the order that somebody wants.
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { Failure } from '../api/failure';
import { wholeNumber } from '../list/address';
import type { Role } from '../rules/roles';

/** The role of that id, which comes from an address and may be no id at all. */
export function roleQuery(id: string) {
  return queryOptions({
    queryKey: ['roles', 'one', id],
    queryFn: ({ signal }) => {
      const roleId = wholeNumber(id);
      if (roleId === undefined) throw Failure.none(`role ${id}`);
      return answer(api.GET('/api/v1/authorization/roles/{roleId}', { params: { path: { roleId } }, signal }));
    },
  });
}

/** The first of the access rules that give that role, and how many there are. */
export function holdersQuery(roleId: number) {
  return queryOptions({
    queryKey: ['rules', 'of-role', roleId],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/authorization/access-rules', { params: { query: { roleId, limit: 25, sortBy: 'subjectId' } }, signal })),
  });
}

/** Those whose name or description holds that text, in the order of a column. */
export function arranged(roles: readonly Role[], search: string, sortBy: 'name' | 'description' | 'createdBy' | 'createdAt' = 'name', descending = false): Role[] {
  const text = search.trim().toLowerCase();
  const matching = roles.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(text));
  const order = matching.sort((a, b) => a[sortBy].localeCompare(b[sortBy], 'en'));
  return descending ? order.reverse() : order;
}
