// Whether there may be more of something than the reader sees: only who may view it in the whole account is told that there is none.
import { useQuery } from '@tanstack/react-query';
import { permissionsQuery } from '../permissions/permissions';
import { unseenOf } from '../permissions/unseen';
import { accountQuery, keyOf } from './organisation';

/** The types of resource in the tree. */
export const SCOPES = ['cluster', 'department', 'project'] as const;

/** ` you can see`, or nothing, to stand behind a noun: `None${useUnseen('users')}.` */
export function useUnseen(...types: string[]): string {
  const { data: account } = useQuery(accountQuery);
  const { data } = useQuery({ ...permissionsQuery(account ? keyOf(account) : 'none'), enabled: Boolean(account) });
  return unseenOf(account ? data : undefined, types);
}
