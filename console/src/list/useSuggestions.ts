// Values to suggest for a condition, asked of the server while one types: names of users, of roles and of scopes.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient } from '../api/queries';
import { suggestionsQuery } from '../decisions/suggestions';
import { type Need, useMay } from '../permissions/permissions';
import { rolesQuery } from '../rules/roles';
import { SUBJECT_TYPES } from '../rules/rules';
import { findScopes, FIRST } from '../scopes/scopes';
import type { Field, Suggests } from './filter';

interface Asked {
  field: Field;
  /** What the values contain. */
  text: string;
}

interface Suggestions {
  /** The name of the field that `values` are of. */
  field: string | undefined;
  values: readonly string[];
  isLoading: boolean;
  ask: (asked: Asked | undefined) => void;
}

export function useSuggestions(): Suggestions {
  const [asked, ask] = useState<Asked>();
  const may = useMay();
  const what = asked?.field.suggests;
  const { data = [], isFetching } = useQuery({
    queryKey: ['suggestions', 'values', what, asked?.text],
    queryFn: ({ signal }) => (asked === undefined || what === undefined ? [] : valuesOf(what, asked.text, may, signal)),
    enabled: what !== undefined,
    staleTime: 30_000,
    // Until the rest is there, the values for a shorter text of the same field.
    placeholderData: (last, query) => (query?.queryKey[2] === what ? last : undefined),
  });
  return { field: asked?.field.name, values: data, isLoading: isFetching, ask };
}

async function valuesOf(what: Suggests, text: string, may: (need: Need) => boolean, signal: AbortSignal): Promise<string[]> {
  if (what === 'roles') return (await queryClient.query(rolesQuery())).map(({ name }) => name);
  if (what === 'scopes') return unique((await findScopes(text, FIRST, signal)).scopes.map(({ name }) => name));
  const types = what === 'users' ? (['user'] as const) : SUBJECT_TYPES.map(({ value }) => value);
  const names = await Promise.all(types.map((type) => queryClient.query(suggestionsQuery(type, text, may))));
  return unique(names.flat());
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
