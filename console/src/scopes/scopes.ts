// The scopes that can be chosen: the account, clusters, departments and projects that the person sees. They are searched for by name
// on the server, page by page, and no list is read whole.
import { answer, api } from '../api/client';
import { queryClient } from '../api/queries';
import { accountQuery, keyOf, type Node, NODE_TYPES, type NodeType } from '../organisation/organisation';

export { keyOf };

export interface Scope {
  type: NodeType;
  id: string;
  name: string;
  /** What it lies in, from the top: `berlin / research`. Empty for the account and clusters. */
  path: string;
}

/** What of a search is to be read next. */
export interface Part {
  page: number;
  /** Of which types there are further ones. */
  types: readonly NodeType[];
}

export const FIRST: Part = { page: 0, types: NODE_TYPES };

/** Of each type. */
const AT_ONCE = 25;

/** A page of the scopes of each type whose names hold the text, and what is to be read after it. */
export async function findScopes(text: string, { page, types }: Part, signal: AbortSignal): Promise<{ scopes: Scope[]; next: Part | undefined }> {
  const query = { search: text, sortBy: 'name' as const, offset: page * AT_ONCE, limit: AT_ONCE };
  const found = await Promise.all(types.map((type) => FIND[type](query, signal)));
  const further = types.filter((_, index) => found[index]?.length === AT_ONCE);
  return { scopes: found.flat(), next: further.length > 0 ? { page: page + 1, types: further } : undefined };
}

/** A scope of the tree, below another one. */
export function scopeBelow({ type, id, name }: Node, above: Scope | undefined): Scope {
  if (above === undefined || above.type === 'tenant') return { type, id, name, path: '' };
  return { type, id, name, path: above.path === '' ? above.name : `${above.path} / ${above.name}` };
}

interface Query {
  search: string;
  sortBy: 'name';
  offset: number;
  limit: number;
}

const FIND: Record<NodeType, (query: Query, signal: AbortSignal) => Promise<Scope[]>> = {
  tenant: async ({ search }) => {
    const account = await queryClient.query(accountQuery);
    return account?.name.toLowerCase().includes(search.toLowerCase()) === true ? [scopeBelow(account, undefined)] : [];
  },
  cluster: async (query, signal) => {
    const clusters = await answer(api.GET('/api/v1/clusters', { params: { query }, signal }));
    return clusters.map(({ uuid, name }) => ({ type: 'cluster', id: uuid, name, path: '' }));
  },
  department: async (query, signal) => {
    const { departments } = await answer(api.GET('/api/v1/org-unit/departments', { params: { query }, signal }));
    return Promise.all(departments.map(async ({ id, name, clusterId }) => ({ type: 'department', id, name, path: await nameOfCluster(clusterId) })));
  },
  project: async (query, signal) => {
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
    queryKey: ['scopes', 'name', `cluster:${clusterUuid}`],
    queryFn: async () => (await answer(api.GET('/api/v1/clusters/{clusterUuid}', { params: { path: { clusterUuid } } }))).name,
    staleTime: 60_000,
  });
}

function nameOfDepartment(departmentId: string): Promise<string> {
  return queryClient.query({
    queryKey: ['scopes', 'name', `department:${departmentId}`],
    queryFn: async () => (await answer(api.GET('/api/v1/org-unit/departments/{departmentId}', { params: { path: { departmentId } } }))).name,
    staleTime: 60_000,
  });
}
