// The names of subjects, as people type them.
import type { SubjectType } from '../decisions/question';
import { MOST_AT_ONCE } from './rules';

/** One per line. The same email in small and capital letters is one. */
export function namesIn(text: string, type: SubjectType): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const named = new Map(lines.filter((line) => line !== '').map((line) => [type === 'user' ? line.toLowerCase() : line, line]));
  return [...named.values()];
}

/** What is wrong with all of them at once. The server judges emails more closely. */
export function problemWith(names: readonly string[], type: SubjectType): string | undefined {
  if (names.length === 0) return 'Required.';
  if (names.length > MOST_AT_ONCE) return `At most ${MOST_AT_ONCE} at once. Remove ${names.length - MOST_AT_ONCE}.`;
  const wrong = type === 'user' ? names.filter((name) => !/^[^\s@]+@[^\s@]+$/.test(name)) : [];
  return wrong.length === 0 ? undefined : `${wrong.length === 1 ? 'Not an email' : 'Not emails'}: ${wrong.join(', ')}.`;
}
