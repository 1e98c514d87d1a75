// The code of a failed sign-in with an identity provider, as an address carries it. `problems` has the words for it.

/** The code in an address, which is untrusted: only a short lower-case word is shown. */
export function codeIn(raw: unknown): string | undefined {
  return typeof raw === 'string' && /^[a-z]+(-[a-z]+){0,7}$/.test(raw) && raw.length <= 60 ? raw : undefined;
}
