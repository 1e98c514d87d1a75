// That a person deleted or disabled their own user, with which their session ends: there is nothing to come back to.

import { Failure } from '../api/failure';

export type OwnEnd = 'deleted' | 'disabled';

let end: OwnEnd | undefined;

/** Does something to the person's own user, with which their session ends. When the answer is lost, the end of the session is the answer. */
export async function endingOneself<Done>(how: OwnEnd, act: Promise<Done>): Promise<Done> {
  end = how;
  try {
    return await act;
  } catch (error) {
    // Without an answer the end shows soon, or it was not done.
    if (error instanceof Failure && error.status === 0) setTimeout(() => (end = undefined), 60_000);
    else end = undefined;
    throw error;
  }
}

/** How the session ended, where its own person is the reason. Asked once. */
export function takeOwnEnd(): OwnEnd | undefined {
  const how = end;
  end = undefined;
  return how;
}
