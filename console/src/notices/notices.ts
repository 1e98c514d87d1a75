// What came of what a person did.
import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import { useSyncExternalStore } from 'react';

export type Notice = FlashbarProps.MessageDefinition;

let notices: readonly Notice[] = [];
let last = 0;
const listeners = new Set<() => void>();

function become(next: readonly Notice[]) {
  notices = next;
  for (const listener of listeners) listener();
}

/** Shows a notice before all others, or in the place of the one with the same id. Returns its id. */
export function notify(notice: Notice): string {
  const id = notice.id ?? `notice-${++last}`;
  const shown: Notice = { dismissible: true, dismissLabel: 'Close', ariaRole: notice.type === 'error' || notice.type === 'warning' ? 'alert' : 'status', onDismiss: () => dismiss(id), ...notice, id };
  const known = notices.some((other) => other.id === id);
  become(known ? notices.map((other) => (other.id === id ? shown : other)) : [shown, ...notices]);
  return id;
}

export function dismiss(id: string) {
  become(notices.filter((notice) => notice.id !== id));
}

export function useNotices(): readonly Notice[] {
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return useSyncExternalStore(subscribe, () => notices);
}
