// Who is signed in. The browser holds a cookie that scripts cannot read, so the server is asked.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { forgetPerson, queryClient } from '../api/queries';
import { claimDrafts, claimKeptDrafts, forgetDrafts } from '../dialog/draft';
import { forgetRounds } from './rounds';
import { tellOtherTabs } from './tabs';

export type Session = Schemas['SessionView'];

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await answer(api.GET('/api/v1/session', { signal }));
    // A person who comes back from an identity provider signed in without this page.
    tellOtherTabs(session.username);
    claimKeptDrafts(session.username);
    forgetRounds();
    return session;
  },
  staleTime: Infinity,
});

export function useSession(): Session | undefined {
  return useQuery({ ...sessionQuery, enabled: false }).data;
}

export async function signIn(username: string, password: string): Promise<Session> {
  const session = await answer(api.POST('/api/v1/session', { body: { username, password } }));
  forgetPerson();
  claimDrafts(session.username);
  queryClient.setQueryData(sessionQuery.queryKey, session);
  tellOtherTabs(session.username);
  return session;
}

/** Ends the session. What was read in it is for the caller to forget, once nothing shows it any more. Where the session began with an
 * identity provider that signs people out: the address for that. */
export async function signOut(): Promise<string | undefined> {
  const ended = await answer(api.DELETE('/api/v1/session'));
  forgetDrafts();
  return ended?.signOutAt;
}

export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  await answer(api.POST('/api/v1/me/password', { body: { currentPassword, newPassword } }));
  // Whether a temporary password must be changed is no longer what it was.
  await queryClient.query({ ...sessionQuery, staleTime: 0 });
}
