// The identity providers that people can sign in with, besides passwords.
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { safePlace } from './returnTo';

export const providersQuery = queryOptions({
  queryKey: ['sign-in providers'],
  meta: { forEverybody: true },
  queryFn: ({ signal }) => answer(api.GET('/api/v1/session/providers', { signal: AbortSignal.any([signal, AbortSignal.timeout(2000)]) })),
  retry: false,
});

/** The provider that the sign-in page leads to by itself. */
export function leadingOf<P extends { autoRedirect: boolean }>(providers: readonly P[] | undefined): P | undefined {
  return providers?.find(({ autoRedirect }) => autoRedirect);
}

/** Where the browser goes to sign in with a provider, and then on to the page. The server checks the page again. */
export function signInAddress(provider: { address: string }, to: string | undefined): string {
  const page = safePlace(to);
  return page === '/' ? provider.address : `${provider.address}?${new URLSearchParams({ to: page }).toString()}`;
}
