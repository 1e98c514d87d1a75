// Where someone wanted to go before they had to sign in. It stands in the address, so it may come from anybody.

const HOME = '/';

/** The place when it is one of this console's, else its first page: a link must not lead elsewhere through us. */
export function safePlace(place: string | undefined, origin: string = location.origin): string {
  // `//host`, `/\host` and control characters are ways to write another host that look like a path.
  if (place === undefined || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(place)) return HOME;
  const url = URL.parse(place, origin);
  if (url?.origin !== origin) return HOME;
  const path = url.pathname + url.search + url.hash;
  return path.startsWith('//') || /^\/(sign-in|api)(\/|$)/.test(url.pathname) ? HOME : path;
}
