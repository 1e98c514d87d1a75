// What lies below a scope, in numbers.
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { formatNumber } from '../format';
import type { Rule } from './rules';

/** How many of a type: `cluster`. */
export interface Count {
  count: number;
  noun: string;
}

/** How many of each type lie below, as far as the person sees; nothing below a project. */
export function belowQuery({ scopeType, scopeId }: Pick<Rule, 'scopeType' | 'scopeId'>) {
  return queryOptions({
    queryKey: ['organisation', 'numbers', scopeType, scopeId],
    queryFn: ({ signal }): Promise<Count[]> => {
      if (scopeType === 'tenant') return Promise.all([clusters(signal), departments(undefined, signal), projects(undefined, signal)]);
      if (scopeType === 'cluster') return Promise.all([departments(`clusterId==${scopeId}`, signal), projects(`clusterId==${scopeId}`, signal)]);
      if (scopeType === 'department') return Promise.all([projects(`parentId==${scopeId}`, signal)]);
      return Promise.resolve([]);
    },
  });
}

async function clusters(signal: AbortSignal): Promise<Count> {
  const { count } = await answer(api.GET('/api/v1/clusters/count', { signal }));
  return { count, noun: 'cluster' };
}

async function departments(filterBy: string | undefined, signal: AbortSignal): Promise<Count> {
  const { count } = await answer(api.GET('/api/v1/org-unit/departments/count', { params: { query: within(filterBy) }, signal }));
  return { count, noun: 'department' };
}

async function projects(filterBy: string | undefined, signal: AbortSignal): Promise<Count> {
  const { count } = await answer(api.GET('/api/v1/org-unit/projects/count', { params: { query: within(filterBy) }, signal }));
  return { count, noun: 'project' };
}

function within(filterBy: string | undefined) {
  return filterBy === undefined ? {} : { filterBy };
}

/** `2 clusters`, `1,204 projects`, `no departments you can see`. */
export function said({ count, noun }: Count, unseen: string): string {
  return count === 0 ? `no ${noun}s${unseen}` : `${formatNumber(count)} ${count === 1 ? noun : `${noun}s`}`;
}
