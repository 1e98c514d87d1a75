// What people call permissions. The API and its messages call them by codes: `access_rules:create`.

/** As the columns of the table of permissions, within a sentence. */
const VERBS: Readonly<Record<string, string>> = { read: 'view', update: 'edit', sync: 'synchronize' };

/** Types of resource whose codes are not their names with other signs between the words. */
const NAMES: Readonly<Record<string, string>> = {
  department: 'departments',
  tenant: 'account',
  project: 'projects',
  cluster: 'clusters',
  'cluster-config': 'cluster configuration',
  apps: 'applications',
  'service-account': 'service accounts',
  'dashboards-overview': 'overview dashboard',
  'dashboards-analytics': 'analytics dashboard',
  'dashboards-consumption': 'consumption dashboard',
  'events-history': 'event history',
  datavolumes: 'data volumes',
  nodepools: 'node pools',
  'scrapeable-metrics': 'metrics endpoint',
};

/** The kinds of data sources, which the server gives one name. */
const DATA_SOURCES: Readonly<Record<string, string>> = {
  'pvc-assets': 'PVC',
  'git-assets': 'Git',
  'host-path-assets': 'host path',
  'nfs-assets': 'NFS',
  's3-assets': 'S3',
  'cm-volume-assets': 'ConfigMap',
  'secret-volume-assets': 'Secret',
};

/** `Access rules`, `Data sources (NFS)`: a name that no other type of resource has. */
export function entityName(resourceType: string, displayName: string): string {
  const kind = DATA_SOURCES[resourceType];
  return kind === undefined ? displayName : `${displayName} (${kind})`;
}

/** `create access rules`; in the server's words for what this console does not know. */
export function deedOf({ resourceType, action }: { resourceType: string; action: string }, displayName?: string): string {
  return `${VERBS[action] ?? action} ${within(entityName(resourceType, displayName ?? usualName(resourceType)))}`;
}

/** A message of the server with each permission in words: `you need permission to create access rules in the account`. */
export function withoutCodes(message: string): string {
  return message
    .replace(/^no access rule permits [\w-]+:\w+ to .*$/s, 'no access rule permits this')
    .replaceAll(/(\byou need |\bpermits )?\b([a-z][\w-]*):(create|read|update|delete|sync)\b/g, (_, before: string | undefined, resourceType: string, action: string) => {
      const deed = deedOf({ resourceType, action });
      if (before === undefined) return deed;
      return `${before === 'you need ' ? before : 'includes '}permission to ${deed}`;
    });
}

function usualName(resourceType: string): string {
  return NAMES[resourceType] ?? (resourceType in DATA_SOURCES ? 'data sources' : resourceType.replaceAll(/[-_]/g, ' '));
}

/** A name within a sentence: `Access rules` loses its capital, `S3 buckets` would keep it. */
function within(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}
