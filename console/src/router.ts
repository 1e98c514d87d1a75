// The router, and where a person is sent when their session is not what it was.
import { createRouter } from '@tanstack/react-router';
import { forgetPerson, onSession, queryClient } from './api/queries';
import { forgetDrafts, keepDrafts } from './dialog/draft';
import { onceNothingIsHeld, reloadOnceNothingIsHeld } from './dialog/held';
import { parseParameters, printParameters } from './list/address';
import { routeTree } from './routes';
import { askForTheSessionFirst } from './session/lookAgain';
import { takeOwnEnd } from './session/ownEnd';
import { sessionQuery } from './session/session';
import { onOtherTab } from './session/tabs';
import { Problem } from './shell/Problem';
import { Waiting } from './shell/Waiting';

export const router = createRouter({
  routeTree,
  parseSearch: parseParameters,
  stringifySearch: printParameters,
  scrollRestoration: true,
  defaultErrorComponent: Problem,
  defaultPendingComponent: Waiting,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

// INVARIANT: no page is left while a secret or results are shown.
onSession({
  ended: (why) =>
    onceNothingIsHeld(() => {
      const session = queryClient.getQueryData(sessionQuery.queryKey);
      // The route itself redirects a person who never signed in.
      if (session === undefined) return;
      const own = takeOwnEnd();
      const to = router.state.location.href;
      if (own === undefined) keepDrafts(session.username);
      else forgetDrafts();
      // Said once, however many calls were refused.
      queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
      const search = own === undefined ? { to, ended: why.field === 'currentPassword' ? ('wrong-passwords' as const) : (true as const) } : { ended: own };
      // Not before: what is still shown would ask for it again.
      void router.navigate({ to: '/sign-in', search }).then(forgetPerson);
    }),
  passwordNeeded: () => onceNothingIsHeld(() => void router.navigate({ to: '/new-password', search: { to: router.state.location.href } })),
});

askForTheSessionFirst();

// INVARIANT: no page shows one person and acts as another.
onOtherTab((username) => {
  const session = queryClient.getQueryData(sessionQuery.queryKey);
  if (session !== undefined && session.username !== username) reloadOnceNothingIsHeld();
});
