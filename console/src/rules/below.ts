// What lies below a scope, in numbers.
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { formatNumber } from '../format';
import type { Rule } from './rules';

/** The lists of departments and projects have no total: as many are counted as one page has. */
const COUNTED = 100;

/** `2 clusters`, `more than 100 projects`: as much of what lies below as the person sees; nothing below a project. */
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
  return said(count, false, 'cluster');
}

async function departments(filterBy: string | undefined, signal: AbortSignal): Promise<string> {
  const { departments, next } = await answer(api.GET('/api/v1/org-unit/departments', { params: { query: page(filterBy) }, signal }));
  return said(departments.length, typeof next === 'number', 'department');
}

async function projects(filterBy: string | undefined, signal: AbortSignal): Promise<string> {
  const { projects, next } = await answer(api.GET('/api/v1/org-unit/projects', { params: { query: page(filterBy) }, signal }));
  return said(projects.length, typeof next === 'number', 'project');
}

function page(filterBy: string | undefined) {
  return { limit: COUNTED, offset: 0, ...(filterBy === undefined ? {} : { filterBy }) };
}

function said(count: number, more: boolean, noun: string): string {
  if (count === 0) return `no ${noun}`;
  return `${more ? 'more than ' : ''}${formatNumber(count)} ${count === 1 ? noun : `${noun}s`}`;
}
