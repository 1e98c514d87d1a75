// Advice while someone chooses a password. The server judges with a dictionary of its own, which would be larger than
// the whole console; this says early what it is sure to refuse, and never that a password is good enough.

export const SHORTEST = 8;
export const LONGEST = 255;

/** What is wrong with it for certain, or nothing. */
export function weakness(password: string, current: string, email: string): string | undefined {
  const length = Array.from(password).length;
  if (length < SHORTEST) return `At least ${SHORTEST} characters: ${SHORTEST - length} more.`;
  if (length > LONGEST) return `At most ${LONGEST} characters: ${length - LONGEST} fewer.`;
  if (password === current) return 'Choose one that differs from the current password.';
  const plain = password.toLowerCase();
  const name = email.toLowerCase().split('@')[0] ?? '';
  if (name.length >= 4 && plain.replace(name, '').length < SHORTEST) return 'Your own name is easy to guess.';
  if (new Set(plain).size < 4) return 'Too few different characters.';
  if (runs(plain)) return 'Sequences of characters are easy to guess.';
  return undefined;
}

/** Whether most of it goes up or down by one, or stays: 12345678, abcdefgh, aaaaaaaa. */
function runs(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  return steps.filter((step) => Math.abs(step) <= 1).length > steps.length * 0.6;
}
