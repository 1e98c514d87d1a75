// That a person deleted or disabled their own user, with which their session ends: there is nothing to come back to.

export type OwnEnd = 'deleted' | 'disabled';

let end: OwnEnd | undefined;

/** The session of this person ends with what they did to their own user. */
export function endOneself(how: OwnEnd) {
  end = how;
}

/** How the session ended, where its own person is the reason. Asked once. */
export function takeOwnEnd(): OwnEnd | undefined {
  const how = end;
  end = undefined;
  return how;
}
