// Why the server refuses a filter, in the words of the list: its own message has the names of the API, and places in bytes.
import type { Failure } from '../api/failure';
import type { Field, Kind } from './filter';

const HINTS: Readonly<Record<Kind, string>> = {
  text: 'Enter a text.',
  date: 'Choose a day.',
  bool: 'Choose Yes or No.',
  integer: 'Enter a whole number.',
  scope: 'Choose a scope.',
};

function hintOf({ kind, words }: Field): string {
  return words === undefined ? HINTS[kind] : `Choose ${words.map(({ label }) => label).join(' or ')}.`;
}

/** The message for people; the server's own where it is about nothing of a filter. */
export function refusalOf(failure: Failure, fields: readonly Field[]): string {
  const [, part = '', rest = ''] = /^[“"]?(.*?)[”"]? at byte \d+(?: of value \d+)? (.*)$/s.exec(failure.problem) ?? [];
  if (failure.field !== 'filterBy' || rest === '') return failure.message;
  const about = (pattern: RegExp) => {
    const name = pattern.exec(rest)?.[1];
    return fields.find((field) => field.name === name);
  };
  const wrong = about(/^is not a value for (\w+)/);
  if (wrong !== undefined) return `“${part}” is not a value for ${wrong.label}. ${hintOf(wrong)}`;
  const unsuited = about(/^does not suit (\w+)/) ?? about(/^lacks an operator; (\w+)/);
  if (unsuited !== undefined) return `“${part}” is no condition for ${unsuited.label}.`;
  if (rest.startsWith('is not a known field')) return `This list has no condition “${part}”.`;
  return 'The filter cannot be read.';
}
