// The one cache of what the server said, and what happens to every call that fails.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Failure } from './failure';

/** What must be done about the person when a call says that their session is not what it was. */
export interface SessionEvents {
  /** The failure says why, where the person is the reason. */
  ended: (why: Failure) => void;
  passwordNeeded: () => void;
}

let events: SessionEvents | undefined;

/** Set once by the router, which knows how to go elsewhere. */
export function onSession(handlers: SessionEvents) {
  events = handlers;
}

function watch(error: unknown) {
  if (!(error instanceof Failure)) return;
  if (error.endsSession) events?.ended(error);
  if (error.needsNewPassword) events?.passwordNeeded();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: {
    queries: {
      // Not only when the browser thinks that there is a network: whether the server answers is found out by asking it, and said.
      networkMode: 'always',
      staleTime: 10_000,
      // A refusal stays one; what passes is tried again when the server says, or soon.
      retry: (count, error) => count < 2 && error instanceof Failure && error.isPassing,
      retryDelay: (count, error) => Math.min(10, (error instanceof Failure && error.retryAfter) || count + 1) * 1000,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** Forgets what the server said to a person. What it says to everybody stays: the page to sign in may be waiting for it. */
export function forgetPerson() {
  queryClient.removeQueries({ predicate: ({ meta }) => meta?.['forEverybody'] !== true });
  queryClient.getMutationCache().clear();
}
