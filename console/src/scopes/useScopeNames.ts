// The scopes that are known by their keys only, as in an address: their names, and which of them the reader cannot see.
import { useQueries, useQuery } from '@tanstack/react-query';
import { isNoScope, keyOf, noScope, placeQuery } from '../organisation/organisation';

interface Names {
  /** The name of each key that is known by now. */
  names: ReadonlyMap<string, string>;
  /** What to say of each key that names no scope the reader can see. */
  problems: readonly string[];
}

export function useScopeNames(keys: readonly string[]): Names {
  const places = useQueries({ queries: [...new Set(keys)].map((key) => placeQuery(key)) });
  return {
    names: new Map(places.flatMap(({ data }) => (data ? [[keyOf(data.node), data.node.name] as const] : []))),
    problems: places.flatMap(({ error }) => (isNoScope(error) ? [error.message] : [])),
  };
}

/** The name of the scope of that key, or the key itself while it is not known; and what to say where the reader sees no such scope. */
export function useScope(key: string | undefined): { name: string; problem: string | undefined } {
  const { data, error } = useQuery({ ...placeQuery(key), enabled: key !== undefined });
  // Without any access rule one sees no scope at all.
  const problem = data === null && key !== undefined ? noScope(key) : error;
  return { name: data?.node.name ?? key ?? '', problem: isNoScope(problem) ? problem.message : undefined };
}
