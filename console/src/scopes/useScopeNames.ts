// The names of scopes that are known by their keys only, as in an address.
import { useQueries, useQuery } from '@tanstack/react-query';
import { keyOf, placeQuery } from '../organisation/organisation';

/** The name of each key that is known by now; one that leads nowhere, or not for this person, has none. */
export function useScopeNames(keys: readonly string[]): ReadonlyMap<string, string> {
  const places = useQueries({ queries: [...new Set(keys)].map((key) => placeQuery(key)) });
  return new Map(places.flatMap(({ data }) => (data ? [[keyOf(data.node), data.node.name] as const] : [])));
}

/** The name of the scope of that key; the key itself while it is not known, or not for this person to see. */
export function useScopeName(key: string | undefined): string {
  const { data } = useQuery({ ...placeQuery(key), enabled: key !== undefined });
  return data?.node.name ?? key ?? '';
}
