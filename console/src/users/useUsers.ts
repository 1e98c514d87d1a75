// The users whom an open dialog is about, each with the tag that they were read with.
import { useQueries } from '@tanstack/react-query';
import { asFailure } from '../api/failure';
import type { Outcome } from '../dialog/outcome';
import { oneUser, type ReadUser, readUser } from './users';

interface ReadUsers {
  users: ReadUser[];
  /** Those that could not be read, and why. */
  missing: Outcome[];
  isPending: boolean;
  error: Error | null;
}

export function useUsers(ids: readonly string[]): ReadUsers {
  // Not kept for the next dialog: what it shows is what it was read with, and no older.
  const read = useQueries({ queries: ids.map((id) => ({ queryKey: oneUser(id), queryFn: ({ signal }) => readUser(id, signal), gcTime: 0 })) });
  return {
    users: read.flatMap(({ data }) => data ?? []),
    missing: read.flatMap(({ data, error }, index) => (data === undefined && error ? [{ what: `the user with the ID ${ids[index] ?? ''}`, problem: asFailure(error).message }] : [])),
    isPending: read.some(({ isPending }) => isPending),
    error: read.find(({ error }) => error)?.error ?? null,
  };
}
