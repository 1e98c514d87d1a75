// The users whom an open dialog is about, each with the tag that he was read with.
import { useQueries } from '@tanstack/react-query';
import { oneUser, type ReadUser, readUser } from './users';

export function useUsers(ids: readonly string[]): { users: ReadUser[]; isPending: boolean; error: Error | null } {
  // Not kept for the next dialog: what it shows is what it was read with, and no older.
  const read = useQueries({ queries: ids.map((id) => ({ queryKey: oneUser(id), queryFn: ({ signal }) => readUser(id, signal), gcTime: 0 })) });
  return {
    users: read.flatMap(({ data }) => data ?? []),
    isPending: read.some(({ isPending }) => isPending),
    error: read.find(({ error }) => error)?.error ?? null,
  };
}
