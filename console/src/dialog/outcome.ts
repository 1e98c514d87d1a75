// What came of each of several things that were done at once, and how it is told.
import { formatNumber } from '../format';

export interface Outcome {
  /** What was to be done, or with whom. */
  what: string;
  /** Why it was not done, as a sentence; absent when it was. */
  problem?: string;
  /** Whether it is not known if it was done: then `problem` says why. */
  isUnknown?: true;
}

/** `2 of 3 users deleted`; of one alone `User deleted` or `User not deleted`. `noun` is in the singular, `done` is a participle. */
export function titleOf(noun: string, done: string, outcomes: readonly Outcome[]): string {
  const [only, ...others] = outcomes;
  if (only !== undefined && others.length === 0) return only.isUnknown === true ? `It is not known whether the ${noun} was ${done}` : capitalized(`${noun} ${resultOf(only, done)}`);
  const count = outcomes.filter(({ problem }) => problem === undefined).length;
  const unknown = outcomes.filter(({ isUnknown }) => isUnknown === true).length;
  const all = formatNumber(outcomes.length);
  if (unknown === outcomes.length) return `It is not known whether ${all} ${noun}s were ${done}`;
  return `${formatNumber(count)} of ${all} ${noun}s ${done}${unknown > 0 ? `, ${formatNumber(unknown)} not known` : ''}`;
}

/** `Deleted: ana@example.com`, `Not deleted: ana@example.com` or `Not known: ana@example.com`. */
export function lineOf(done: string, outcome: Outcome): string {
  return `${capitalized(resultOf(outcome, done))}: ${outcome.what}`;
}

function resultOf({ problem, isUnknown }: Outcome, done: string): string {
  if (isUnknown === true) return 'not known';
  return problem === undefined ? done : `not ${done}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
