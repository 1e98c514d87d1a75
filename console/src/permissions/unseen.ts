// Whether there may be more of something than the reader sees.
import { allows, type Permission } from './permissions';

/** To stand behind a noun, where there may be more than the reader sees. */
export const UNSEEN = ' you can see';

/** ` you can see`; nothing where the reader may view all of these types of resource in the whole account. */
export function unseenOf(inAccount: readonly Permission[] | undefined, types: readonly string[]): string {
  return inAccount !== undefined && types.every((type) => allows(inAccount, [type, 'read'])) ? '' : UNSEEN;
}
