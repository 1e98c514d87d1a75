// Emails as people read them.
import { toUnicode } from 'punycode/punycode.es6.js';

/** Letters, marks and digits; a domain has nothing else, and what cannot be seen is none of these. */
const SEEN = /^[\p{L}\p{M}\p{N}.-]+$/u;

/**
 * The email with its domain in its own script; undefined where that is how the server keeps it, or cannot be shown. Letters of
 * different scripts may look alike, so the form that the server keeps (punycode) is always shown, too.
 */
export function readable(email: string): string | undefined {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1);
  if (!/(^|\.)xn--/.test(domain)) return undefined;
  try {
    const shown = toUnicode(domain);
    return shown !== domain && SEEN.test(shown) ? email.slice(0, at + 1) + shown : undefined;
  } catch {
    return undefined;
  }
}

const EMAIL = /[^\s"(),:;<>]+@(?:[a-z0-9-]+\.)+[a-z0-9-]*[a-z0-9]/g;

/** A text with each email in it as `legible` says it. */
export function legibly(text: string): string {
  return text.replaceAll(EMAIL, legible);
}

/**
 * A name for a sentence, a title or a choice: `ana@bücher.example (ana@xn--bcher-kva.example)` where an email has two forms, and any
 * other name as it is.
 */
export function legible(name: string): string {
  const shown = readable(name);
  return shown === undefined ? name : `${shown} (${name})`;
}
