// Roles, for the pages that show, make and change them: one role, who has it, and all of them in the order of a column.
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
  return changed(await answer(call).catch(readAnew));
}

export async function deleteRole({ role, tag }: ReadRole, signal: AbortSignal): Promise<void> {
  await answer(api.DELETE('/api/v2/authorization/roles/{roleId}', { params: { path: { roleId: role.id }, ...ifMatch(tag) }, signal })).catch(readAnew);
  queryClient.removeQueries({ queryKey: ['roles', 'one', String(role.id)] });
  changed(role);
}

function ifMatch(tag: string | undefined) {
  return tag === undefined ? {} : { header: { 'If-Match': tag } };
}

/** When another user changed the role, the page behind the dialog shows it as it is, and a second try is about that. */
function readAnew(error: unknown): never {
  if (error instanceof Failure && error.status === 412) void queryClient.invalidateQueries({ queryKey: ['roles'] });
  throw error;
}

/** What users may do may be different now. */
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

/** Which roles are listed; `filterBy` as the address and the API have it. */
export const KINDS = [
  { id: 'all', text: 'All', filterBy: undefined, has: () => true },
  { id: 'custom', text: 'Custom', filterBy: 'custom==true', has: ({ custom }: Role) => custom },
  { id: 'predefined', text: 'Predefined', filterBy: 'custom==false', has: ({ custom }: Role) => !custom },
] as const;

export function kindIn(filterBy: string | undefined) {
  return KINDS.find((kind) => kind.filterBy === filterBy) ?? KINDS[0];
}

/** Those whose name or description holds that text, in the order of a column. */
export function arranged(roles: readonly Role[], search: string, sortBy: 'name' | 'description' | 'custom' | 'enabled' | 'createdBy' | 'createdAt' = 'name', descending = false): Role[] {
  const text = search.trim().toLowerCase();
  const matching = roles.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(text));
  const order = matching.sort((a, b) => String(a[sortBy]).localeCompare(String(b[sortBy]), 'en') || a.name.localeCompare(b.name, 'en'));
  return descending ? order.reverse() : order;
}
