// Who made something, in people's words.

/** What made something where no person did, in people's words. */
const AUTHORS: Record<string, string> = { host: 'Installation', oidc: 'Single sign-on', system: 'Rolecall' };

/** Who made something, as text. */
export function authorName(name: string): string {
  return AUTHORS[name] ?? name;
}

/** The same, to filter users and access rules by. */
export const AUTHOR_WORDS = ['host', 'oidc'].map((value) => ({ value, label: authorName(value) }));
