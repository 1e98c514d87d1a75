// Permissions as lines of a table: entity by action, in groups.
import type { Permission } from './permissions';
import { entityName } from './words';

export interface Line {
  id: string;
  label: string;
  /** The server's word for the type of resource; absent for a group. */
  code?: string;
  actions: readonly string[];
  below: readonly Line[];
}

/** What people call the groups that the server names. */
export const GROUPS: Readonly<Record<string, string>> = {
  organization: 'Organization',
  'physical-resource': 'Clusters and nodes',
  iam: 'Access',
  dashboard: 'Dashboards',
  workload: 'Workloads',
  'workload-asset': 'Workload assets',
};

const ACTIONS = [
  { action: 'read', label: 'View' },
  { action: 'update', label: 'Edit' },
  { action: 'create', label: 'Create' },
  { action: 'delete', label: 'Delete' },
  { action: 'sync', label: 'Synchronize' },
] as const;

/** The columns: the usual four, and what else one of these permissions has. */
export function shownActions(permissions: readonly Permission[]) {
  return ACTIONS.filter(({ action }) => action !== 'sync' || permissions.some(({ actions }) => actions.includes(action)));
}

/** The lines whose names hold that text, under their groups. */
export function grouped(permissions: readonly Permission[], search: string): Line[] {
  const groups = [...new Set(permissions.map(({ groupId }) => groupId))];
  return groups.flatMap((group) => {
    const label = GROUPS[group] ?? group;
    const matches = (text: string) => text.toLowerCase().includes(search.trim().toLowerCase());
    const below = permissions
      .filter(({ groupId, displayName, resourceType }) => groupId === group && (matches(label) || matches(displayName) || matches(resourceType)))
      .map(({ displayName, resourceType, actions }): Line => ({ id: resourceType, label: entityName(resourceType, displayName), code: resourceType, actions, below: [] }));
    return below.length === 0 ? [] : [{ id: `group ${group}`, label, actions: [], below }];
  });
}
