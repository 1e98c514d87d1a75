// The code and the reference of a failed sign-in with an identity provider, as an address carries them. `problems` has the words for it.

/** The code in an address, which is untrusted: only a short lower-case word is shown. */
export function codeIn(raw: unknown): string | undefined {
  return typeof raw === 'string' && /^[a-z]+(-[a-z]+){0,7}$/.test(raw) && raw.length <= 60 ? raw : undefined;
}

/** The reference by which an administrator finds the sign-in, if it is one. */
export function referenceIn(raw: unknown): string | undefined {
  return typeof raw === 'string' && /^[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(raw) ? raw : undefined;
}
