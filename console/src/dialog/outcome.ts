// What came of each of several things that were done at once.

export interface Outcome {
  /** What was to be done, or with whom. */
  what: string;
  /** Why it was not done; absent when it was. */
  problem?: string;
}
