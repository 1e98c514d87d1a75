import { expect, test } from 'vitest';
import { adviceFor } from './advice';

test('the guide is found by a code, or by its family', () => {
  expect(adviceFor('mandatory-claim')).toEqual({ happened: "The person lacks the claim that the provider's settings demand.", helps: 'Give it to the person at the provider.' });
  expect(adviceFor('token-in-the-future')?.helps).toBe('Set the clocks.');
  expect(adviceFor('discovery-issuer')?.helps).toBe('The details name the member.');
  expect(adviceFor('openshift-user-without-uid')?.happened).toContain('kube:admin');
  expect(adviceFor('no-such-code')).toBeUndefined();
});
