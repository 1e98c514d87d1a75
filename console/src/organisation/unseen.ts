// What the person may do and see in the whole account. Whether there may be more of something than the reader sees: only who may view it in the whole account is told that there is none.
import { useQuery } from '@tanstack/react-query';
import { allows, type Need, type Permission, permissionsQuery } from '../permissions/permissions';
import { unseenOf } from '../permissions/unseen';
import { accountQuery, keyOf } from './organisation';

/** The types of resource in the tree. */
export const SCOPES = ['cluster', 'department', 'project'] as const;

/** Asks whether the person may in the whole account, as what is about users needs it. Until it is known, they may not. */
export function useMayInAccount(): (need: Need) => boolean {
  const permissions = usePermissionsInAccount();
  return (need) => permissions !== undefined && allows(permissions, need);
}

/** ` you can see`, or nothing, to stand behind a noun: `None${useUnseen('users')}.` */
export function useUnseen(...types: string[]): string {
  return unseenOf(usePermissionsInAccount(), types);
}

function usePermissionsInAccount(): Permission[] | undefined {
  const { data: account } = useQuery(accountQuery);
  const { data } = useQuery({ ...permissionsQuery(account ? keyOf(account) : 'none'), enabled: Boolean(account) });
  return account ? data : undefined;
}
