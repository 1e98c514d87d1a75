// What lies below a scope, in numbers.
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { formatNumber } from '../format';
import type { Rule } from './rules';

/** `2 clusters`, `1,204 projects`: as much of what lies below as the person sees; nothing below a project. */
export function belowQuery({ scopeType, scopeId }: Pick<Rule, 'scopeType' | 'scopeId'>) {
  return queryOptions({
    queryKey: ['organisation', 'numbers', scopeType, scopeId],
    queryFn: ({ signal }): Promise<string[]> => {
      if (scopeType === 'tenant') return Promise.all([clusters(signal), departments(undefined, signal), projects(undefined, signal)]);
      if (scopeType === 'cluster') return Promise.all([departments(`clusterId==${scopeId}`, signal), projects(`clusterId==${scopeId}`, signal)]);
      if (scopeType === 'department') return Promise.all([projects(`parentId==${scopeId}`, signal)]);
      return Promise.resolve([]);
    },
  });
}

async function clusters(signal: AbortSignal): Promise<string> {
  const { count } = await answer(api.GET('/api/v1/clusters/count', { signal }));
  return said(count, 'cluster');
}

async function departments(filterBy: string | undefined, signal: AbortSignal): Promise<string> {
  const { count } = await answer(api.GET('/api/v1/org-unit/departments/count', { params: { query: within(filterBy) }, signal }));
  return said(count, 'department');
}

async function projects(filterBy: string | undefined, signal: AbortSignal): Promise<string> {
  const { count } = await answer(api.GET('/api/v1/org-unit/projects/count', { params: { query: within(filterBy) }, signal }));
  return said(count, 'project');
}

function within(filterBy: string | undefined) {
  return filterBy === undefined ? {} : { filterBy };
}

function said(count: number, noun: string): string {
  // Of those that the person sees.
  return count === 0 ? `no ${noun}s you can see` : `${formatNumber(count)} ${count === 1 ? noun : `${noun}s`}`;
}
