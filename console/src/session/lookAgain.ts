// A tab that is looked at again. What it shows may be old, and so may its session: it asks for that first, and if the session has
// ended, for nothing else.
import { focusManager } from '@tanstack/react-query';
import { asFailure, Failure } from '../api/failure';
import { queryClient } from '../api/queries';
import { sessionQuery } from './session';

export function askForTheSessionFirst() {
  focusManager.setEventListener((readAgain) => {
    const look = () => {
      const isSignedIn = queryClient.getQueryData(sessionQuery.queryKey) !== undefined;
      if (document.visibilityState !== 'visible' || !isSignedIn) readAgain();
      else void queryClient.query({ ...sessionQuery, staleTime: 10_000 }).then(() => readAgain(), (error: unknown) => endsSession(error) || readAgain());
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  });
}

function endsSession(error: unknown): boolean {
  const failure = asFailure(error);
  return failure instanceof Failure && failure.endsSession;
}
