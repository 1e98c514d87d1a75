// The users whom an open dialog is about, each with the tag that they were read with.
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { asFailure } from '../api/failure';
import type { Outcome } from '../dialog/outcome';
import { knownRow } from '../list/known';
import { legible } from '../readable';
import { oneUser, type ReadUser, readUser, type UserRow } from './users';

interface ReadUsers {
  users: ReadUser[];
  /** Those that could not be read, and why. */
  missing: Outcome[];
  isPending: boolean;
  error: Error | null;
}

export function useUsers(ids: readonly string[]): ReadUsers {
  // As the list had them when the dialog opened: who is gone is in no later one.
  const [names] = useState(() => ids.map((id) => (knownRow('users', id) as UserRow | undefined)?.username));
  // Not kept for the next dialog: what it shows is what it was read with, and no older.
  const read = useQueries({ queries: ids.map((id) => ({ queryKey: oneUser(id), queryFn: ({ signal }) => readUser(id, signal), gcTime: 0 })) });
  return {
    users: read.flatMap(({ data }) => data ?? []),
    missing: read.flatMap(({ data, error }, index) => (data === undefined && error ? [{ what: legible(names[index] ?? 'a user who is not in the list'), problem: asFailure(error).message }] : [])),
    isPending: read.some(({ isPending }) => isPending),
    error: read.find(({ error }) => error)?.error ?? null,
  };
}
