// Roles, for those who look them up or make them: one of them, who has it, and all in the order that somebody wants.
import { queryOptions } from '@tanstack/react-query';
import { answer, answerWithTag, api } from '../api/client';
import { Failure } from '../api/failure';
import { queryClient } from '../api/queries';
import { wholeNumber } from '../list/address';
import type { Role } from '../rules/roles';
import type { RoleForm, RoleV2 } from './draft';

/** A role and the tag of what was read. */
export interface ReadRole {
  role: RoleV2;
  tag: string | undefined;
}

/** The role of that id, which comes from an address and may be no id at all. */
export function roleQuery(id: string) {
  return queryOptions({
    queryKey: ['roles', 'one', id],
    queryFn: async ({ signal }): Promise<ReadRole> => {
      const roleId = wholeNumber(id);
      if (roleId === undefined) throw Failure.none(`role ${id}`);
      const { body, tag } = await answerWithTag(api.GET('/api/v2/authorization/roles/{roleId}', { params: { path: { roleId } }, signal }));
      return { role: body, tag };
    },
  });
}

/** What roles are made from. */
export const permissionSetsQuery = queryOptions({
  queryKey: ['permission-sets'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/authorization/permission-sets', { signal })),
  staleTime: 'static',
});

/** Everything that a role can permit. */
export const catalogueQuery = queryOptions({
  queryKey: ['resource-types'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/authorization/resource-types', { signal })),
  staleTime: 'static',
});

export async function createRole(body: RoleForm, signal: AbortSignal): Promise<RoleV2> {
  return changed(await answer(api.POST('/api/v2/authorization/roles', { body, signal })));
}

export async function updateRole({ role, tag }: ReadRole, body: RoleForm, signal: AbortSignal): Promise<RoleV2> {
  return changed(await answer(api.PUT('/api/v2/authorization/roles/{roleId}', { params: { path: { roleId: role.id }, ...ifMatch(tag) }, body, signal })));
}

export async function setRoleEnabled({ role, tag }: ReadRole, enabled: boolean, signal: AbortSignal): Promise<RoleV2> {
  const params = { path: { roleId: role.id }, ...ifMatch(tag) };
  const call = enabled
    ? api.POST('/api/v2/authorization/roles/{roleId}/enable', { params, signal })
    : api.POST('/api/v2/authorization/roles/{roleId}/disable', { params, signal });
  return changed(await answer(call));
}

export async function deleteRole({ role, tag }: ReadRole, signal: AbortSignal): Promise<void> {
  await answer(api.DELETE('/api/v2/authorization/roles/{roleId}', { params: { path: { roleId: role.id }, ...ifMatch(tag) }, signal }));
  queryClient.removeQueries({ queryKey: ['roles', 'one', String(role.id)] });
  changed(role);
}

function ifMatch(tag: string | undefined) {
  return tag === undefined ? {} : { header: { 'If-Match': tag } };
}

/** What anybody may do can be another thing now. */
function changed(role: RoleV2): RoleV2 {
  for (const queryKey of [['roles'], ['permissions'], ['rules']]) void queryClient.invalidateQueries({ queryKey });
  return role;
}

/** The first of the access rules that give that role, and how many there are. */
export function holdersQuery(roleId: number) {
  return queryOptions({
    queryKey: ['rules', 'of-role', roleId],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/authorization/access-rules', { params: { query: { roleId, limit: 25, sortBy: 'subjectId' } }, signal })),
  });
}

/** Those whose name or description holds that text, in the order of a column. */
export function arranged(roles: readonly Role[], search: string, sortBy: 'name' | 'description' | 'custom' | 'enabled' | 'createdBy' | 'createdAt' = 'name', descending = false): Role[] {
  const text = search.trim().toLowerCase();
  const matching = roles.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(text));
  const order = matching.sort((a, b) => String(a[sortBy]).localeCompare(String(b[sortBy]), 'en') || a.name.localeCompare(b.name, 'en'));
  return descending ? order.reverse() : order;
}
