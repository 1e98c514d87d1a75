// Dialogs that stay until the person closes them: a secret that is shown once, the results of what was done. They are shown above
// all pages, so that neither another page, nor lost permissions, nor the end of the session takes them away.
import { Fragment, type ReactNode, useState, useSyncExternalStore } from 'react';

interface Held {
  id: number;
  dialog: ReactNode;
}

let held: readonly Held[] = [];
let last = 0;
let afterwards: (() => void) | undefined;
/** Whether the page is read anew then, as another person's. Nothing takes the place of that. */
let reloads = false;
/** How many forms wait for the server. */
let underWay = 0;
/** What had the focus before the last form opened: a held dialog follows a form, and gives the focus back to it. */
let opener: Element | null = null;
const listeners = new Set<() => void>();

function become(next: readonly Held[]) {
  held = next;
  for (const listener of listeners) listener();
}

/** Shows a dialog, after those that are held already, until it calls `close`. */
export function hold(dialog: (close: () => void) => ReactNode) {
  const id = ++last;
  const close = () => {
    become(held.filter((other) => other.id !== id));
    if (held.length > 0) return;
    setTimeout(giveFocusBack);
    goOn();
  };
  become([...held, { id, dialog: dialog(close) }]);
}

/** Used by each form, before it takes the focus. */
export function useOpener() {
  useState(() => {
    opener = document.activeElement;
  });
}

/** Moves the focus to what takes the place of the page that a form was on, which is behind the held dialogs. */
export function giveFocusTo(element: HTMLElement) {
  opener = element;
  if (held.length === 0) element.focus();
}

/** Once the dialog is gone, which could give it back only to the form that is gone too. */
function giveFocusBack() {
  if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus();
}

/** A form waits for the server, whose answer may be a secret that is shown once. The returned function says that it is there. */
export function waitForServer(): () => void {
  underWay += 1;
  return () => {
    underWay -= 1;
    goOn();
  };
}

/** Does it at once, or as soon as nothing is held and no form waits for the server. Of several, the last. */
export function onceNothingIsHeld(go: () => void) {
  afterwards = go;
  goOn();
}

/** The page belongs to another person by now: it is read anew at once, or as soon as nothing is held and no form waits. */
export function reloadOnceNothingIsHeld() {
  reloads = true;
  goOn();
}

/** Whether the page is about to be left: the session is another one, and nothing more is sent in it. */
export function isLeaving(): boolean {
  return reloads || afterwards !== undefined;
}

function goOn() {
  if (held.length > 0 || underWay > 0) return;
  if (reloads) {
    location.reload();
    return;
  }
  const go = afterwards;
  afterwards = undefined;
  go?.();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function HeldDialog() {
  const [first] = useSyncExternalStore(subscribe, () => held);
  return first && <Fragment key={first.id}>{first.dialog}</Fragment>;
}
