import { expect, test } from 'vitest';
import { codeIn } from './code';
import { problemOf } from './problems';

test.each([
  ['user-disabled', 'Your user is disabled'],
  ['email-of-local-user', 'Your email belongs to a local user'],
  ['email-invalid', 'Your email is missing'],
  ['claim-email', 'Your email is missing'],
  ['callback-provider-error', 'The identity provider did not let you in'],
  ['callback-too-late', 'This sign-in cannot be finished'],
  ['token-access-token-hash', 'This sign-in cannot be finished'],
  ['provider-changed', 'Something changed while you signed in'],
  ['token-expired', 'The clocks differ'],
  ['saml-expired', 'The clocks differ'],
  ['saml-replayed', 'This sign-in cannot be finished'],
  ['saml-status-not-success', 'The identity provider did not let you in'],
  ['saml-expired-certificate', 'The identity provider cannot be used'],
  ['token-signature', 'The identity provider cannot be used'],
  ['discovery-not-json', 'The identity provider cannot be used'],
])('the code %s has words for the person', (code, header) => {
  expect(problemOf(code).header).toBe(header);
});

test('what an address says is shown only where it looks like a code', () => {
  expect(codeIn('groups-absent')).toBe('groups-absent');
  for (const raw of [undefined, 7, '', 'Call 0123', 'a--b', '-a', 'a-', 'é', 'a'.repeat(61), 'call-me-and-tell-me-your-password-now-or-else']) expect(codeIn(raw), String(raw)).toBeUndefined();
});
