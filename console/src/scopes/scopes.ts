// The scopes in which a rule can be made: the account, clusters, departments and projects that the person sees. They are
// read page by page, each kind after the other, and no list is read whole.
import { answer, api } from '../api/client';
import { queryClient } from '../api/queries';

export interface Scope {
  type: 'tenant' | 'cluster' | 'department' | 'project';
  id: string;
  name: string;
  /** What it lies in, from the top: `berlin / research`. Empty for the account and clusters. */
  path: string;
}

export interface Place {
  type: Scope['type'];
  offset: number;
}

export const FIRST: Place = { type: 'tenant', offset: 0 };

const AFTER: Partial<Record<Scope['type'], Scope['type']>> = { tenant: 'cluster', cluster: 'department', department: 'project' };
const AT_ONCE = 25;

/** As the API writes a scope in a parameter: `department:7`. */
export function keyOf({ type, id }: Pick<Scope, 'type' | 'id'>): string {
  return `${type}:${id}`;
}

/** The scopes whose name contains the text, from a place on, and where the next ones begin. Not empty but at the end. */
export async function readScopes(text: string, from: Place, signal: AbortSignal): Promise<{ scopes: Scope[]; next?: Place }> {
  const query = { ...(text === '' ? {} : { search: text }), sortBy: 'name', offset: from.offset, limit: AT_ONCE };
  const scopes = await READ[from.type](query, text, signal);
  const further = AFTER[from.type];
  if (scopes.length === AT_ONCE) return { scopes, next: { type: from.type, offset: from.offset + AT_ONCE } };
  if (further === undefined) return { scopes };
  const next: Place = { type: further, offset: 0 };
  return scopes.length > 0 ? { scopes, next } : readScopes(text, next, signal);
}

interface Query {
  search?: string;
  sortBy: string;
  offset: number;
  limit: number;
}

const READ: Record<Scope['type'], (query: Query, text: string, signal: AbortSignal) => Promise<Scope[]>> = {
  // No list has the account. Who may give rules there has a rule there himself, and that one names it.
  tenant: async (_, text, signal) => {
    const query = { filterBy: 'scopeType==tenant', limit: 1 };
    const own = await answer(api.GET('/api/v1/authorization/me/access-rules', { params: { query }, signal }));
    const accounts = own.accessRules.accessRules.map(({ scopeId, scopeName }): Scope => ({ type: 'tenant', id: scopeId, name: scopeName, path: '' }));
    return accounts.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  },
  cluster: async (query, _, signal) => {
    const clusters = await answer(api.GET('/api/v1/clusters', { params: { query }, signal }));
    return clusters.map(({ uuid, name }) => ({ type: 'cluster', id: uuid, name, path: '' }));
  },
  department: async (query, _, signal) => {
    const { departments } = await answer(api.GET('/api/v1/org-unit/departments', { params: { query }, signal }));
    return Promise.all(departments.map(async ({ id, name, clusterId }) => ({ type: 'department', id, name, path: await nameOfCluster(clusterId) })));
  },
  project: async (query, _, signal) => {
    const { projects } = await answer(api.GET('/api/v1/org-unit/projects', { params: { query }, signal }));
    return Promise.all(
      projects.map(async ({ id, name, clusterId, parentId }) => {
        const above = await Promise.all([nameOfCluster(clusterId), nameOfDepartment(parentId)]);
        return { type: 'project', id, name, path: above.join(' / ') };
      }),
    );
  },
};

/** One knows the names above once one has seen them: many projects share few departments. */
function nameOfCluster(clusterUuid: string): Promise<string> {
  return queryClient.query({
    queryKey: ['clusters', 'name', clusterUuid],
    queryFn: async () => (await answer(api.GET('/api/v1/clusters/{clusterUuid}', { params: { path: { clusterUuid } } }))).name,
    staleTime: 60_000,
  });
}

function nameOfDepartment(departmentId: string): Promise<string> {
  return queryClient.query({
    queryKey: ['departments', 'name', departmentId],
    queryFn: async () => (await answer(api.GET('/api/v1/org-unit/departments/{departmentId}', { params: { path: { departmentId } } }))).name,
    staleTime: 60_000,
  });
}
