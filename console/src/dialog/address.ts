// The address of a dialog about some rows: what it does, and their ids, as in `delete:7,8`.

export function openWith(what: string, ids: readonly string[]): string {
  return `${what}:${ids.join(',')}`;
}

export function whatIsOpen(dialog: string | undefined): string | undefined {
  return dialog?.split(':', 1)[0];
}

/** The ids of the rows that it is about, each once. */
export function idsIn(dialog: string | undefined): string[] {
  const ids = dialog?.slice(dialog.indexOf(':') + 1).split(',') ?? [];
  return [...new Set(ids.filter((id) => id !== ''))];
}

/** As many rows as are acted on at once: a dialog names them all, and reads each anew. */
export const MOST_ROWS = 50;

/** What makes a button for the selected rows one that cannot be pressed, and says why. */
export function tooMany(selected: readonly unknown[]): { disabled?: true; disabledReason?: string } {
  return selected.length > MOST_ROWS ? { disabled: true, disabledReason: `At most ${MOST_ROWS} at once.` } : {};
}
