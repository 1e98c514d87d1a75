// Why a sign-in with an identity provider failed, in words for the person. The server tells a code alone: details are for its log.

export interface Problem {
  header: string;
  text: string;
}

const AGAIN = 'Sign in again.';
const TELL = 'Ask an administrator to fix it, and tell them the code and the reference below.';

/** What each family of codes means. The first that matches counts. */
const FAMILIES: readonly (readonly [RegExp, Problem])[] = [
  [/^user-disabled$/, { header: 'Your user is disabled', text: 'You cannot sign in until an administrator enables you.' }],
  [/^user-gone$/, { header: 'Your user was deleted', text: `An administrator deleted it while you signed in. ${AGAIN} You will have no access rules.` }],
  [
    /^email-of-local-user$/,
    { header: 'Your email belongs to a local user', text: 'Sign in with the email and its password below, or ask an administrator to delete the local user.' },
  ],
  [
    /^email-of-another-person$/,
    { header: 'Your email belongs to another user', text: `Another person at an identity provider signed in with it before, or you under another identity. ${TELL}` },
  ],
  [/^email-unverified$/, { header: 'Your email is not verified', text: 'The identity provider does not say that it verified your email. Verify it there, then sign in again.' }],
  [/^email-domain$/, { header: 'Your email domain is not allowed', text: `This identity provider may not be used with emails of your domain. ${TELL}` }],
  [/^(email-|claim-email$)/, { header: 'Your email is missing', text: `The identity provider sends no email that can be used. ${TELL}` }],
  [/^(groups-absent|claim-groups|claim-too-many-groups)$/, { header: 'Your groups are missing', text: `The identity provider does not say which groups you are in. ${TELL}` }],
  [/^mandatory-claim$/, { header: 'You may not sign in here', text: 'The identity provider does not admit you to Rolecall. Ask an administrator for access.' }],
  [/^(callback-provider-error|saml-status-not-success)$/, { header: 'The identity provider did not let you in', text: `You canceled there, or it refused you. ${AGAIN}` }],
  [/^provider-(unreachable|status)$/, { header: 'The identity provider does not answer', text: 'Try again in a few minutes. If it keeps happening, tell an administrator the code and the reference below.' }],
  [/^provider-(disabled|unknown)$/, { header: 'This identity provider is not in use', text: 'An administrator disabled or deleted it. Sign in another way.' }],
  [/^(provider-changed|changed-meanwhile)$/, { header: 'Something changed while you signed in', text: AGAIN }],
  [/^sign-in-return-path$/, { header: 'This link is not valid', text: 'It leads to a page outside this site. Sign in here.' }],
  [/^(callback-|code-refused$|token-(nonce|access-token-hash)$|saml-(answer-gone|replayed|wrong-in-response-to|unknown-request)$)/, { header: 'This sign-in cannot be finished', text: `It took too long, was finished before, or began in another browser. ${AGAIN}` }],
  [/^(token-(expired|in-the-future)|saml-(expired|not-yet-valid))$/, { header: 'The clocks differ', text: `The clock of the identity provider and the clock of Rolecall differ by more than a minute. ${TELL}` }],
  [/^test-forbidden$/, { header: 'You cannot test this identity provider', text: 'Sign in as an administrator first.' }],
  [/^sign-out-refused$/, { header: 'You are signed out here only', text: 'The identity provider says that it did not sign you out. To end that too, sign out there.' }],
  [/^sign-out-replayed$/, { header: 'This was done before', text: 'The identity provider asked for the same sign-out twice.' }],
  [/^busy$/, { header: 'The server is busy', text: 'Try again in a minute.' }],
  [/^internal$/, { header: 'Something went wrong', text: 'Try again. If it keeps happening, tell an administrator the code and the reference below.' }],
];

const UNUSABLE: Problem = { header: 'The identity provider cannot be used', text: `Its answer or its settings are wrong. ${TELL}` };

/** The words for a code. A code that is not known is of the provider: those are the many. */
export function problemOf(code: string): Problem {
  return FAMILIES.find(([pattern]) => pattern.test(code))?.[1] ?? UNUSABLE;
}
