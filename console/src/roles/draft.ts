// A role that is being made: from permission sets, or with permissions chosen one by one.
import type { Schemas } from '../api/client';
import type { Permission } from '../permissions/permissions';
import type { Role } from '../rules/roles';

export type PermissionSet = Schemas['PermissionSetView'];
export type RoleForm = Schemas['RoleForm'];
export type RoleV2 = Schemas['RoleV2'];

export interface Draft {
  name: string;
  description: string;
  /** The ids of the permission sets that it is made from; none when its permissions were chosen one by one. */
  sets: readonly string[];
  /** `project:read`, in no order. */
  permissions: readonly string[];
}

export const EMPTY: Draft = { name: '', description: '', sets: [], permissions: [] };

/** The codes of permissions: `project:read`. */
export function codesOf(permissions: readonly Permission[]): string[] {
  return permissions.flatMap(({ resourceType, actions }) => actions.map((action) => `${resourceType}:${action}`));
}

export function draftOf(role: RoleV2): Draft {
  return { name: role.name, description: role.description, sets: role.permissionSets.map(({ id }) => id), permissions: codesOf(role.permissions) };
}

/** A role of one's own that begins as another one is. */
export function copyOf(role: RoleV2): Draft {
  return { ...draftOf(role), name: `${role.name} (copy)` };
}

/** The same made from these sets. */
export function withSets(draft: Draft, sets: readonly string[], known: readonly PermissionSet[]): Draft {
  const chosen = known.filter(({ id }) => sets.includes(id));
  return { ...draft, sets: chosen.map(({ id }) => id), permissions: [...new Set(chosen.flatMap(({ permissions }) => codesOf(permissions)))] };
}

/** The same with the permissions of that role. */
export function withRole(draft: Draft, role: Role): Draft {
  return { ...draft, sets: [], permissions: codesOf(role.permissions) };
}

/**
 * The same with all of these permissions, or without any of them when it has all already. Chosen by themselves: it is no longer
 * what its sets say.
 */
export function toggled(draft: Draft, codes: readonly string[]): Draft {
  const rest = draft.permissions.filter((code) => !codes.includes(code));
  const hasAll = codes.every((code) => draft.permissions.includes(code));
  return { ...draft, sets: [], permissions: hasAll ? rest : [...rest, ...codes] };
}

/** The role that permits exactly this, of those in that order. */
export function sameAs(permissions: readonly string[], roles: readonly Role[]): Role | undefined {
  if (permissions.length === 0) return undefined;
  return roles.find((role) => {
    const { more, less } = difference(permissions, codesOf(role.permissions));
    return more.length + less.length === 0;
  });
}

/** What is sent of it. */
export function formOf({ name, description, sets, permissions }: Draft): RoleForm {
  const common = { name: name.trim(), description: description.trim() };
  if (sets.length > 0) return { ...common, permissionSets: sets.map((id) => ({ id })) };
  const lines = new Map<string, string[]>();
  for (const code of permissions) {
    const [resourceType = '', action = ''] = code.split(':');
    lines.set(resourceType, [...(lines.get(resourceType) ?? []), action]);
  }
  return { ...common, permissions: [...lines].map(([resourceType, actions]) => ({ resourceType, actions }) as Schemas['PermissionForm']) };
}

export interface Difference {
  more: readonly string[];
  less: readonly string[];
}

/** What these permissions have and the others lack, and the other way round. */
export function difference(permissions: readonly string[], others: readonly string[]): Difference {
  return { more: permissions.filter((code) => !others.includes(code)), less: others.filter((code) => !permissions.includes(code)) };
}

/** The predefined role with the fewest differences; nothing for a role that permits nothing. */
export function nearest(permissions: readonly string[], roles: readonly Role[]): ({ role: Role } & Difference) | undefined {
  if (permissions.length === 0) return undefined;
  const compared = roles.filter(({ custom }) => !custom).map((role) => ({ role, ...difference(permissions, codesOf(role.permissions)) }));
  const apart = ({ more, less }: Difference) => more.length + less.length;
  return compared.reduce<(typeof compared)[number] | undefined>((best, other) => (best === undefined || apart(other) < apart(best) ? other : best), undefined);
}

/** These permissions with the names of their resources, in the order of the catalogue. */
export function linesFor(codes: readonly string[], catalogue: readonly Permission[]): Permission[] {
  return catalogue.flatMap((line) => {
    const actions = line.actions.filter((action) => codes.includes(`${line.resourceType}:${action}`));
    return actions.length === 0 ? [] : [{ ...line, actions }];
  });
}
