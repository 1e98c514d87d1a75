// What came of each of several things that were done at once, and how it is told.
import { formatNumber } from '../format';

export interface Outcome {
  /** What was to be done, or with whom. */
  what: string;
  /** Why it was not done, as a sentence; absent when it was. */
  problem?: string;
}

/** `2 of 3 users deleted`; of one alone `User deleted` or `User not deleted`. `noun` is in the singular, `done` is a participle. */
export function titleOf(noun: string, done: string, outcomes: readonly Outcome[]): string {
  const [only, ...others] = outcomes;
  if (only !== undefined && others.length === 0) return capitalized(`${noun} ${resultOf(only, done)}`);
  const count = outcomes.filter(({ problem }) => problem === undefined).length;
  return `${formatNumber(count)} of ${formatNumber(outcomes.length)} ${noun}s ${done}`;
}

/** `Deleted: ana@example.com` or `Not deleted: ana@example.com`. */
export function lineOf(done: string, outcome: Outcome): string {
  return `${capitalized(resultOf(outcome, done))}: ${outcome.what}`;
}

function resultOf({ problem }: Outcome, done: string): string {
  return problem === undefined ? done : `not ${done}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
