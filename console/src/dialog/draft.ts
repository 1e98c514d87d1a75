// What someone typed in a dialog, or was shown this once, when their session ends: it is there again when they have signed in
// again. It lies in the memory of this tab and nowhere else, and nobody else gets it. Passwords that are typed are never kept.
import { type Dispatch, type SetStateAction, useEffect, useState } from 'react';

const drafts = new Map<string, unknown>();
/** Whose they are, once a session has ended. */
let owner: string | undefined;

/** The session of that person has ended: what is open is kept for them. */
export function keepDrafts(username: string) {
  owner = username;
}

/** That person has signed in. */
export function claimDrafts(username: string) {
  if (owner !== username) drafts.clear();
  owner = undefined;
}

/** That person has the session by now, however they signed in. */
export function claimKeptDrafts(username: string) {
  if (owner !== undefined) claimDrafts(username);
}

export function forgetDrafts() {
  drafts.clear();
  owner = undefined;
}

/** A state that outlives the end of a session. The name says what it is, and of which dialog. */
export function useDraft<T>(name: string, initial: T): [T, Dispatch<SetStateAction<T>>] {
  const [value, setValue] = useState(() => (drafts.has(name) ? (drafts.get(name) as T) : initial));
  useEffect(() => {
    drafts.set(name, value);
    return () => {
      if (owner === undefined) drafts.delete(name);
    };
  }, [name, value]);
  return [value, setValue];
}
