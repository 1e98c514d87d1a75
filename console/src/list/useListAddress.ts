// The state of a list, read from the address and changed by going to another one.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { changed, type ListAddress, parseAddress } from './address';
import { useIsHere } from './useIsHere';

export type ChangeAddress = (change: { [Name in keyof ListAddress]: ListAddress[Name] | undefined }, how?: { replace: boolean }) => void;

export function useListAddress(): [ListAddress, ChangeAddress] {
  const address = parseAddress(useSearch({ strict: false }));
  const navigate = useNavigate();
  const isHere = useIsHere();
  const change: ChangeAddress = (change, how) => {
    if (!isHere()) return;
    // Back does not lead to a dialog that is done.
    const closes = address.dialog !== undefined && 'dialog' in change && change.dialog === undefined;
    void navigate({ to: '.', search: (now: object) => changed(parseAddress({ ...now }), change), replace: how?.replace ?? closes });
  };
  return [address, change];
}
