// What the person may do in the whole account.
import { useQuery } from '@tanstack/react-query';
import { queryClient } from '../api/queries';
import { allows, type Need, type Permission, permissionsQuery } from '../permissions/permissions';
import { accountQuery, keyOf } from './organisation';

/** Asks whether the person may in the whole account, as what is about users needs it. Until it is known, they may not. */
export function useMayInAccount(): (need: Need) => boolean {
  const permissions = usePermissionsInAccount();
  return (need) => permissions !== undefined && allows(permissions, need);
}

export function usePermissionsInAccount(): Permission[] | undefined {
  const { data: account } = useQuery(accountQuery);
  const { data } = useQuery({ ...permissionsQuery(account ? keyOf(account) : 'none'), enabled: Boolean(account) });
  return account ? data : undefined;
}

/** What a component has asked for before. */
export function knownPermissionsInAccount(): Permission[] | undefined {
  const account = queryClient.getQueryData(accountQuery.queryKey);
  return account ? queryClient.getQueryData(permissionsQuery(keyOf(account)).queryKey) : undefined;
}
