// An open dialog stays when the person loses the permission for it: the server's refusal is then shown in it.
import { useState } from 'react';

/** Whether the dialog that the address names is shown: `may` decides when it opens, and not again. */
export function useStays(dialog: string | undefined, may: boolean): boolean {
  const [opened, setOpened] = useState<string>();
  const isOpen = dialog !== undefined && (may || opened === dialog);
  const now = isOpen ? dialog : undefined;
  if (opened !== now) setOpened(now);
  return isOpen;
}
