// The tree of the account, its clusters, their departments and their projects, read as far as someone opens it.
import { queryOptions } from '@tanstack/react-query';
import { answer, answerWithTag, api, type Schemas } from '../api/client';
import { Failure } from '../api/failure';
import { queryClient } from '../api/queries';
import { allows, permissionsQuery } from '../permissions/permissions';
import { UNSEEN, unseenOf } from '../permissions/unseen';
import { scopeWord } from './words';

export type NodeType = 'tenant' | 'cluster' | 'department' | 'project';

/** The account, a cluster, a department or a project. */
export interface Node {
  type: NodeType;
  id: string;
  name: string;
  /** What it is for; accounts and clusters have none. */
  description: string;
  /** The person sees no more of it than its name: it is above something that they may see. */
  byNameOnly: boolean;
  /** The cluster that it is in, for departments and projects. */
  clusterId?: string;
  /** The department above a project. */
  departmentId?: string;
}

/** What lies directly below each type. */
export const BELOW = { tenant: 'cluster', cluster: 'department', department: 'project', project: undefined } as const;

/** From the top down. */
export const NODE_TYPES: readonly NodeType[] = ['tenant', 'cluster', 'department', 'project'];

/** As the API writes a scope: `department:7`. */
export function keyOf({ type, id }: Pick<Node, 'type' | 'id'>): string {
  return `${type}:${id}`;
}

/** Reads a key from an address, which may be anybody's. */
export function partsOf(key: string): Pick<Node, 'type' | 'id'> | undefined {
  const [word, id] = key.split(/:(.*)/s);
  const type = NODE_TYPES.find((type) => type === word);
  return type === undefined || id === undefined || id === '' ? undefined : { type, id };
}

/** The account. Only access rules name it, so a person without any sees none: null, since a query cannot answer undefined. */
export const accountQuery = queryOptions({
  queryKey: ['organisation', 'account'],
  queryFn: async ({ signal }): Promise<Node | null> => {
    const own = await answer(api.GET('/api/v1/authorization/me/access-rules', { params: { query: { limit: 1 } }, signal }));
    const rule = own.accessRules.accessRules[0];
    if (rule === undefined) return null;
    const id = String(rule.tenantId);
    const [{ scopePath }, permissions] = await Promise.all([
      answer(api.GET('/api/v1/authorization/access-rules/{accessRuleId}', { params: { path: { accessRuleId: rule.id } }, signal })),
      queryClient.query(permissionsQuery(keyOf({ type: 'tenant', id }))),
    ]);
    const name = scopePath?.split('/', 1)[0] ?? 'The account';
    return { type: 'tenant', id, name, description: '', byNameOnly: !allows(permissions, ['tenant', 'read']) };
  },
  staleTime: 60_000,
});

/** How many are asked for at once when one is opened. */
export const AT_ONCE = 50;

export interface Nodes {
  nodes: Node[];
  /** Whether there are further ones. */
  more: boolean;
}

/** A page, from 0, of what lies directly below. */
export function belowQuery(above: Pick<Node, 'type' | 'id'>, page: number) {
  return queryOptions({
    queryKey: ['organisation', 'below', keyOf(above), page],
    queryFn: ({ signal }): Promise<Nodes> => {
      const query = { offset: page * AT_ONCE, limit: AT_ONCE, sortBy: 'name' as const };
      if (above.type === 'tenant') return LISTS.cluster(query, signal);
      if (above.type === 'cluster') return LISTS.department({ ...query, filterBy: `clusterId==${above.id}` }, signal);
      return LISTS.project({ ...query, filterBy: `parentId==${above.id}` }, signal);
    },
  });
}

/** The first of each type whose name holds that text. */
export function searchQuery(search: string) {
  return queryOptions({
    queryKey: ['organisation', 'search', search],
    queryFn: async ({ signal }): Promise<Nodes> => {
      const query = { search, limit: AT_ONCE, offset: 0, sortBy: 'name' as const };
      const found = await Promise.all(Object.values(LISTS).map((list) => list(query, signal)));
      return { nodes: found.flatMap(({ nodes }) => nodes), more: found.some(({ more }) => more) };
    },
  });
}

interface Query {
  filterBy?: string;
  search?: string;
  sortBy: 'name';
  offset: number;
  limit: number;
}

const LISTS = {
  cluster: async (query: Query, signal: AbortSignal): Promise<Nodes> => {
    const clusters = await answer(api.GET('/api/v1/clusters', { params: { query }, signal }));
    return { nodes: clusters.map(cluster), more: clusters.length === query.limit };
  },
  department: async (query: Query, signal: AbortSignal): Promise<Nodes> => {
    const { departments, next } = await answer(api.GET('/api/v1/org-unit/departments', { params: { query }, signal }));
    return { nodes: departments.map(department), more: typeof next === 'number' };
  },
  project: async (query: Query, signal: AbortSignal): Promise<Nodes> => {
    const { projects, next } = await answer(api.GET('/api/v1/org-unit/projects', { params: { query }, signal }));
    return { nodes: projects.map(project), more: typeof next === 'number' };
  },
};

/** A scope with those above it, nearest first, and the tag to change it with. */
export interface Place {
  node: Node;
  above: readonly Node[];
  tag: string | undefined;
}

/** For a key that names no scope, or none that the reader sees: the server does not tell these apart. */
export function noScope(key: string, unseen = UNSEEN): Failure {
  const parts = partsOf(key);
  return Failure.none(`${parts === undefined ? `scope “${key}”` : `${scopeWord(parts.type)} ${parts.id}`}${unseen}`);
}

async function unseenIn(account: Node, type: NodeType): Promise<string> {
  return unseenOf(await queryClient.query(permissionsQuery(keyOf(account))), [type]);
}

/** Whether the key is the reason: asking for it again makes no sense. */
export function isNoScope(error: unknown): error is Failure {
  return error instanceof Failure && error.status === 404;
}

/** The place of that key; the account without a key. Nothing for a reader without any access rule. */
export function placeQuery(key: string | undefined) {
  return queryOptions({
    queryKey: ['organisation', 'place', key ?? 'account'],
    queryFn: async ({ signal }): Promise<Place | null> => {
      const account = await queryClient.query(accountQuery);
      if (account === null) return null;
      if (key === undefined || key === keyOf(account)) return { node: account, above: [], tag: undefined };
      const parts = partsOf(key);
      if (parts === undefined || parts.type === 'tenant') throw noScope(key, '');
      const { node, tag } = await READ[parts.type](parts.id, signal).catch(async (error: unknown) => {
        throw isNoScope(error) ? noScope(key, await unseenIn(account, parts.type)) : error;
      });
      const above = node.departmentId === undefined ? [] : [READ.department(node.departmentId, signal)];
      if (node.clusterId !== undefined) above.push(READ.cluster(node.clusterId, signal));
      return { node, above: [...(await Promise.all(above)).map(({ node }) => node), account], tag };
    },
  });
}

interface Tagged {
  node: Node;
  tag: string | undefined;
}

const READ = {
  cluster: async (clusterUuid: string, signal: AbortSignal): Promise<Tagged> => {
    const { body, tag } = await answerWithTag(api.GET('/api/v1/clusters/{clusterUuid}', { params: { path: { clusterUuid } }, signal }));
    return { node: cluster(body), tag };
  },
  department: async (departmentId: string, signal: AbortSignal): Promise<Tagged> => {
    const call = api.GET('/api/v1/org-unit/departments/{departmentId}', { params: { path: { departmentId } }, signal });
    const { body, tag } = await answerWithTag(call);
    return { node: department(body), tag };
  },
  project: async (projectId: string, signal: AbortSignal): Promise<Tagged> => {
    const { body, tag } = await answerWithTag(api.GET('/api/v1/org-unit/projects/{projectId}', { params: { path: { projectId } }, signal }));
    return { node: project(body), tag };
  },
};

function cluster({ uuid, name, createdAt }: Schemas['ClusterView']): Node {
  return { type: 'cluster', id: uuid, name, description: '', byNameOnly: createdAt.startsWith('1970-01-01') };
}

function department({ id, name, description, createdBy, clusterId }: Schemas['DepartmentView']): Node {
  return { type: 'department', id, name, description, byNameOnly: typeof createdBy !== 'string', clusterId };
}

function project({ id, name, description, createdBy, clusterId, parentId }: Schemas['ProjectView']): Node {
  return { type: 'project', id, name, description, byNameOnly: typeof createdBy !== 'string', clusterId, departmentId: parentId };
}
