// Rounds to an identity provider that nobody asked for by a click: the sign-in page leads there by itself. Two that end without a
// session are enough: the third would be a loop.

const KEY = 'sign-in-rounds';
const MOST = 2;
/** In milliseconds: rounds further apart are no loop. */
const SPAN = 5 * 60_000;

/** Whether another round makes sense. */
export function mayGoRound(now = Date.now()): boolean {
  return recent(now).length < MOST;
}

export function noteRound(now = Date.now()) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...recent(now), now]));
  } catch {
    // Without storage nothing counts, and `mayGoRound` says so.
  }
}

/** Someone is signed in. */
export function forgetRounds() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // There was nothing.
  }
}

function recent(now: number): number[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((at): at is number => typeof at === 'number' && at <= now && now - at < SPAN) : [];
  } catch {
    // A browser that keeps nothing keeps no cookie either: as if there had been enough.
    return Array.from({ length: MOST }, () => now);
  }
}
