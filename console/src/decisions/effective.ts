// What someone may do, as a tree: the scopes where it changes, below those that lead to them.
import { grouped } from '../permissions/matrix';
import type { Permission as Line } from '../permissions/permissions';
import type { EffectiveScope } from './decisions';

export interface Branch {
  /** As the API writes a scope: `department:7`. */
  key: string;
  type: string;
  name: string;
  /** What the subject may do there. */
  permissions: readonly Line[];
  /** Whether it is more than above it. */
  changes: boolean;
  /** The name of the scope, itself or above it, by which it is so; absent where nothing is permitted. */
  from?: string;
  below: Branch[];
}

/** The branches from the top, in the order of the answer. */
export function treeOf(scopes: readonly EffectiveScope[]): Branch[] {
  const top: Branch[] = [];
  const known = new Map<string, Branch>();
  for (const { path, permissions } of scopes) {
    let level = top;
    let above: Branch | undefined;
    for (const { scopeType, scopeId, scopeName } of path) {
      const key = `${scopeType}:${scopeId}`;
      const branch: Branch = known.get(key) ?? { key, type: scopeType, name: scopeName, permissions: above?.permissions ?? [], changes: false, below: [], ...(above?.from === undefined ? {} : { from: above.from }) };
      if (!known.has(key)) {
        known.set(key, branch);
        level.push(branch);
      }
      above = branch;
      level = branch.below;
    }
    if (above) {
      above.permissions = permissions;
      above.changes = true;
      above.from = above.name;
    }
  }
  return top;
}

/** All branches, each before those below it. */
export function flat(branches: readonly Branch[]): Branch[] {
  return branches.flatMap((branch) => [branch, ...flat(branch.below)]);
}

/** How many types of resource the subject may do something with there, of those whose names hold the text. */
export function countIn({ permissions }: Branch, search: string): number {
  return grouped(permissions, search).reduce((sum, { below }) => sum + below.length, 0);
}

/** The branches where something matches, with those that lead to them. */
export function matching(branches: readonly Branch[], search: string): Branch[] {
  if (search.trim() === '') return [...branches];
  return branches.flatMap((branch) => {
    const below = matching(branch.below, search);
    return below.length > 0 || countIn(branch, search) > 0 ? [{ ...branch, below }] : [];
  });
}

/** The branch that says what holds in the first of these scopes: the nearest, from itself upwards. */
export function nearest(branches: readonly Branch[], keys: readonly string[]): Branch | undefined {
  const all = new Map(flat(branches).map((branch) => [branch.key, branch]));
  return keys.map((key) => all.get(key)).find((branch) => branch !== undefined);
}
