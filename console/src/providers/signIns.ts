// Recent sign-ins with identity providers, and rehearsals, as the API has them.
import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { Failure } from '../api/failure';
import { problemOf } from '../session/problems';

export type SignIn = Schemas['SignInView'];
export type Report = Schemas['SignInReport'];
export type Outcome = Schemas['OutcomeView'];
export type Reading = Schemas['ReadingView'];
export type Rehearsal = Schemas['RehearsalView'];
export type Rehearsed = Schemas['RehearsedView'];
export type Rehearse = Schemas['RehearsalForm'];

/** Rows of a page. */
export const AT_ONCE = 50;

export interface Asked {
  search: string | undefined;
  onlyFailed: boolean;
  /** From 1. */
  page: number;
}

export function signInsQuery({ search, onlyFailed, page }: Asked) {
  const query = { limit: AT_ONCE, offset: (page - 1) * AT_ONCE, ...(onlyFailed ? { failed: true } : {}), ...(search === undefined ? {} : { search }) };
  return queryOptions({
    queryKey: ['sign-ins', query],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/sign-ins', { params: { query }, signal })),
    // The next one may have failed a moment ago.
    staleTime: 0,
  });
}

const REFERENCE = /^[0-9A-Z]{4}-[0-9A-Z]{4}$/i;

export function signInQuery(reference: string) {
  return queryOptions({
    queryKey: ['sign-ins', 'one', reference],
    queryFn: ({ signal }) => {
      if (!REFERENCE.test(reference)) throw Failure.none(`sign-in ${reference}`);
      return answer(api.GET('/api/v1/sign-ins/{reference}', { params: { path: { reference } }, signal }));
    },
  });
}

export function rehearse(idp: string, body: Rehearse, signal: AbortSignal): Promise<Rehearsal> {
  return answer(api.POST('/api/v1/idps/{idp}/rehearsal', { params: { path: { idp } }, body, signal }));
}

/** What each step does. */
export const STEPS: Record<Report['steps'][number], string> = {
  'read-provider': 'Read what the provider says of itself',
  'check-answer': 'Check that the answer belongs to this sign-in',
  'exchange-code': 'Exchange the code for tokens',
  'verify-identity': 'Verify who it is',
  'ask-for-more': 'Ask the provider for more claims',
  'read-claims': 'Read email and groups from the claims',
  admit: 'Find the user and let them in',
};

/** How it ended, in a few words. */
export function resultOf({ problem, isTest }: Pick<SignIn, 'problem' | 'isTest'>): string {
  if (problem != null) return problemOf(problem).header.replace(/^Your /, 'Their ').replace(/^You /, 'They ');
  return isTest ? 'Would sign in' : 'Signed in';
}
