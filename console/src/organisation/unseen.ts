// Whether there may be more of something than the reader sees. Only a reader with permission in the whole account is told that there is none.
import { unseenOf } from '../permissions/unseen';
import { knownPermissionsInAccount, usePermissionsInAccount } from './inAccount';

/** The types of resource in the tree. */
export const SCOPES = ['cluster', 'department', 'project'] as const;

/** ` you can see`, or nothing, to stand behind a noun: `None${useUnseen('users')}.` */
export function useUnseen(...types: string[]): string {
  return unseenOf(usePermissionsInAccount(), types);
}

/** The same outside of a component, as far as it is known. */
export function unseenNow(...types: string[]): string {
  return unseenOf(knownPermissionsInAccount(), types);
}
