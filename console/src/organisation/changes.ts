// Making, changing and deleting clusters, departments and projects.
import { answer, api } from '../api/client';
import { queryClient } from '../api/queries';
import { keyOf, type Node, type Place } from './organisation';

/** What a person says of one. */
export interface Words {
  name: string;
  description: string;
}

/** Makes one below; its key. */
export async function create(above: Node, words: Words, signal: AbortSignal): Promise<string> {
  try {
    if (above.type === 'tenant') {
      const { uuid } = await answer(api.POST('/api/v1/clusters', { body: { name: words.name }, signal }));
      return keyOf({ type: 'cluster', id: uuid });
    }
    if (above.type === 'cluster') {
      const { id } = await answer(api.POST('/api/v1/org-unit/departments', { body: { ...words, clusterId: above.id }, signal }));
      return keyOf({ type: 'department', id });
    }
    const body = { ...words, clusterId: above.clusterId ?? '', parentId: above.id };
    const { id } = await answer(api.POST('/api/v1/org-unit/projects', { body, signal }));
    return keyOf({ type: 'project', id });
  } finally {
    changed();
  }
}

/** Says other words of it, unless someone else changed it since it was read. */
export async function rename({ node: { type, id }, tag }: Place, words: Words, signal: AbortSignal): Promise<void> {
  const header = whenUnchanged(tag);
  try {
    if (type === 'cluster') {
      await answer(api.PUT('/api/v1/clusters/{clusterUuid}', { params: { path: { clusterUuid: id }, header }, body: { name: words.name }, signal }));
    } else if (type === 'department') {
      await answer(api.PUT('/api/v1/org-unit/departments/{departmentId}', { params: { path: { departmentId: id }, header }, body: words, signal }));
    } else if (type === 'project') {
      await answer(api.PUT('/api/v1/org-unit/projects/{projectId}', { params: { path: { projectId: id }, header }, body: words, signal }));
    }
  } finally {
    changed();
  }
}

/** Deletes it with its access rules, unless someone else changed it since it was read. */
export async function remove({ node: { type, id }, tag }: Place, signal: AbortSignal): Promise<void> {
  const header = whenUnchanged(tag);
  try {
    if (type === 'cluster') {
      await answer(api.DELETE('/api/v1/clusters/{clusterUuid}', { params: { path: { clusterUuid: id }, header }, signal }));
    } else if (type === 'department') {
      await answer(api.DELETE('/api/v1/org-unit/departments/{departmentId}', { params: { path: { departmentId: id }, header }, signal }));
    } else if (type === 'project') {
      await answer(api.DELETE('/api/v1/org-unit/projects/{projectId}', { params: { path: { projectId: id }, header }, signal }));
    }
  } catch (error) {
    changed();
    throw error;
  }
  changed(keyOf({ type, id }));
}

/** Whatever shows the tree, or who has which role in it, is read again. Also after a failure: its answer may have been lost, not the change. */
function changed(gone?: string) {
  for (const name of ['organisation', 'scopes', 'rules', 'permissions']) {
    // What is gone may still be on the page for a moment, and cannot be read again. Who comes back to it later reads it anew.
    const isGone = (queryKey: readonly unknown[]) => gone !== undefined && queryKey.includes(gone);
    void queryClient.invalidateQueries({ queryKey: [name], predicate: ({ queryKey }) => !isGone(queryKey) });
    void queryClient.invalidateQueries({ queryKey: [name], predicate: ({ queryKey }) => isGone(queryKey), refetchType: 'none' });
  }
}

function whenUnchanged(tag: string | undefined) {
  return tag === undefined ? {} : { 'If-Match': tag };
}
