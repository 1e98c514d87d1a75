// Whether a page is still the one in the address. Another one may be on its way already while this one is shown, and what was
// typed here must not become the other one's search.
import { useMatch, useRouter } from '@tanstack/react-router';

export function useIsHere(): () => boolean {
  const router = useRouter();
  const path = useMatch({ strict: false, select: (match) => match.pathname });
  return () => plain(router.latestLocation.pathname) === plain(path);
}

function plain(path: string): string {
  return path.replace(/\/+$/, '');
}
