// Signing in with an identity provider, as people do: there, back here, and what is said when it fails.
import assert from 'node:assert/strict';
import * as at from './at-provider.js';
import { eventually, looksRight, storyWith } from './browser.js';
import { REACHABLE, startProvider } from './provider.js';

const person = (name, groups, more = {}) => ({ email: `${name}@example.org`, email_verified: true, groups, ...more });

/** A story with a provider that people can sign in with. */
function ssoStory(name, people, tell) {
  storyWith(REACHABLE, name, async (told) => {
    const provider = await startProvider(told.server.url, people);
    told.allow(provider.issuer);
    try {
      await told.api.post('/api/v1/idps', provider.settings);
      const { page } = told;
      await tell({ ...told, provider, continueAs: (who) => at.continueAs(page, who) });
    } finally {
      await provider.stop();
    }
  });
}

ssoStory(
  'three people: one has a rule, one a group with a rule, one has none',
  { ana: person('ana', []), ben: person('Ben', ['researchers']), cleo: person('cleo', []) },
  async ({ page, person, api, continueAs }) => {
    const { research, vision } = await api.organisation();
    await api.rule('ana@example.org', 'Department administrator', research);
    await api.rule('researchers', 'Viewer', vision, 'group');

    await page.goto('/access/rules');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await looksRight(page, 'sign-in-with-sso');
    await continueAs('ana');
    // Where the link led.
    await page.getByRole('heading', { name: /^Access rules/ }).waitFor();
    await at.signOutThereToo(page, 'ana@example.org');

    await continueAs('ben');
    await page.goto('/me/access');
    await page.getByText('Through the group researchers').first().waitFor();
    await at.signOutThereToo(page, 'ben@example.org');

    await continueAs('cleo');
    await page.getByText('You have no access here yet').first().waitFor();
    await at.signOutThereToo(page, 'cleo@example.org');

    await person.arrive('/access/users', 'Users');
    await eventually(() => person.users().then((users) => users.sort()), ['admin@example.com', 'ana@example.org', 'ben@example.org', 'cleo@example.org']);
  },
);

ssoStory(
  'what fails is said in words, with a code; the password is still there',
  {
    ana: person('ana', []),
    bea: person('bea', undefined),
    carl: person('carl', [], { email: undefined }),
    dora: person('dora', [], { email_verified: false }),
    // In more groups than Entra ID writes into a token.
    emil: person('emil', undefined, { hasgroups: true }),
    admin: person('admin', [], { email: 'admin@example.com' }),
  },
  async ({ page, person, api, provider, continueAs, server }) => {
    await page.goto('/me/access');
    const fails = async (...told) => {
      await at.fails(page, ...told);
      // The provider knows them by now, and would not ask again.
      await page.context().clearCookies({ domain: '127.0.0.1' });
    };
    await fails('bea', 'Your groups are missing', 'groups-absent');
    await looksRight(page, 'sign-in-with-sso-failed');
    // Left out because they are too many, which is not the same as left out because they are none.
    await api.put('/api/v1/idps/oidc', { ...provider.settings, groupsAbsent: 'none' });
    await fails('emil', 'Your groups are missing', 'groups-absent');
    await fails('carl', 'Your email is missing', 'email-missing');
    await fails('dora', 'Your email is not verified', 'email-unverified');
    await fails('admin', 'Your email belongs to a local user', 'email-of-local-user');
    assert.equal(new URL(page.url()).searchParams.get('to'), '/me/access');

    provider.setClock(-600);
    await fails('ana', 'The clocks differ', 'token-expired');
    provider.setClock(600);
    await fails('ana', 'The clocks differ', 'token-in-the-future');
    provider.setClock(0);

    await page.getByRole('link', { name: 'Continue with SSO' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Code: callback-provider-error').waitFor();

    // Another key than before is read, but not more often than every few seconds.
    provider.rotateKeys();
    const isIn = page.getByRole('heading', { name: /^My access/ }).first();
    await eventually(async () => {
      await continueAs('ana');
      await isIn.or(page.getByText('Code: token-unknown-key')).waitFor();
      const entered = await isIn.isVisible();
      if (!entered) await page.context().clearCookies({ domain: '127.0.0.1' });
      return entered;
    }, true);
    await at.signOutThereToo(page, 'ana@example.org');

    // Without the provider. What it said of itself is still known, so the browser is sent there in vain; a new server cannot know.
    await provider.stop();
    await server.down();
    await server.up();
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Continue with SSO' }).click();
    await page.getByText('The identity provider does not answer').waitFor();
    await page.getByText('Code: provider-unreachable').waitFor();
    // A code that someone else wrote into the address is no text of ours.
    await page.goto('/sign-in?problem=Call+0123+now');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await page.getByText('0123').count(), 0);
    await person.signIn();
    await page.getByRole('heading', { name: /^Users/ }).waitFor();
  },
);

ssoStory('someone gets a new identity at the provider: an administrator ends the binding', { ana: person('ana', []), eva: person('ana', []) }, async ({ page, person, continueAs }) => {
  await page.goto('/');
  await continueAs('ana');
  await page.getByText('You have no access here yet').first().waitFor();
  await at.signOutThereToo(page, 'ana@example.org');
  await continueAs('eva');
  await page.getByText('Code: email-of-another-person').waitFor();
  await page.context().clearCookies({ domain: '127.0.0.1' });

  await person.arrive('/access/users', 'Users');
  await person.select('ana@example.org');
  await person.button('Account').click();
  await page.getByRole('menuitem', { name: 'End binding' }).click();
  const dialog = person.dialog('End the binding of ana@example.org?');
  await dialog.getByText(/The next person whom an identity provider describes with this email becomes this user/).waitFor();
  await looksRight(page, 'end-binding');
  await dialog.getByRole('button', { name: 'End binding' }).click();
  await page.getByText('ana@example.org was unbound.').first().waitFor();
  await at.signOut(page, 'admin@example.com');

  await continueAs('eva');
  await page.getByRole('button', { name: 'Account of ana@example.org' }).waitFor();
});

ssoStory('the sign-in page leads to the provider by itself, and never in a circle', { ana: person('ana', []) }, async ({ page, person, context }) => {
  await person.arrive('/admin/identity-providers', 'Identity providers');
  await page.getByRole('button', { name: 'Actions of oidc' }).click();
  await page.getByRole('menuitem', { name: 'Lead here from the sign-in page' }).click();
  const dialog = person.dialog('Lead from the sign-in page to oidc?');
  await dialog.getByText('/sign-in?local').waitFor();
  await looksRight(page, 'lead-to-provider');
  await dialog.getByRole('button', { name: 'Lead here' }).click();
  await page.getByText('The sign-in page leads here').waitFor();
  // Who signed out stays out.
  await at.signOut(page, 'admin@example.com');
  await page.getByText('You are signed out.').waitFor();

  const atProvider = page.getByRole('heading', { name: 'The provider' });
  await page.goto('/me/access');
  await atProvider.waitFor();
  // A failure is told, and leads nowhere.
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Code: callback-provider-error').waitFor();
  await page.goto('/me/access');
  await page.getByLabel('Name').fill('ana');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: /^My access/ }).first().waitFor();

  // A browser that keeps no session comes back twice, and not a third time.
  let rounds = 0;
  await page.route('**/sso/oidc?*', (route) => {
    rounds += 1;
    return route.fulfill({ status: 303, headers: { location: '/me/access' } });
  });
  await context.clearCookies();
  await page.goto('/me/access');
  await page.getByText('The identity provider sent you back without a session').waitFor();
  assert.equal(rounds, 2);
  await looksRight(page, 'sign-in-loop');

  // The way around it.
  await page.goto('/sign-in?local');
  await person.signIn();
  await page.getByRole('heading', { name: /^Users/ }).waitFor();
});

ssoStory('two providers with one email, a wrong secret, and a provider that is disabled meanwhile', { ana: person('Ana', []) }, async ({ page, api, server, provider, allow }) => {
  const second = await startProvider(server.url, { other: person('ana', []) }, 'second');
  allow(second.issuer);
  try {
    await api.post('/api/v1/idps', second.settings);
    const goTo = async (name, who) => {
      await page.context().clearCookies();
      await page.goto('/sign-in');
      await page.getByRole('link', { name: `Continue with SSO (${name})` }).click();
      await page.getByLabel('Name').fill(who);
    };
    const finish = () => page.getByRole('button', { name: 'Continue' }).click();
    await goTo('oidc', 'ana');
    await finish();
    // Emails are the same in any case.
    await page.getByRole('button', { name: 'Account of ana@example.org' }).waitFor();

    // Another person with that email, at another provider, does not become this user.
    await goTo('second', 'other');
    await finish();
    await page.getByText('Code: email-of-another-person').waitFor();

    const wrong = structuredClone(second.settings);
    wrong.oidcData.clientSecret = 'another-secret-1';
    await api.put('/api/v1/idps/second', wrong);
    await goTo('second', 'other');
    await finish();
    await page.getByText('Code: token-endpoint-refused').waitFor();

    await goTo('oidc', 'ana');
    await api.put('/api/v1/idps/oidc', { ...provider.settings, enabled: false });
    await finish();
    await page.getByText('Code: provider-disabled').waitFor();
  } finally {
    await second.stop();
  }
});

const renamed = person('ana', []);

ssoStory('an email changes at the provider: an administrator follows it, and the rules go along', { ana: renamed }, async ({ page, person, api, continueAs }) => {
  renamed.email = 'ana@example.org';
  const { research, vision } = await api.organisation();
  await api.rule('ana@example.org', 'Viewer', research);
  await api.rule('ana.berg@example.org', 'Editor', vision);
  await page.goto('/me/access');
  await continueAs('ana');
  await page.getByRole('heading', { name: /^My access/ }).first().waitFor();
  await at.signOutThereToo(page, 'ana@example.org');
  renamed.email = 'ana.berg@example.org';
  await continueAs('ana');
  // Nothing moves by itself.
  await page.getByRole('button', { name: 'Account of ana@example.org' }).waitFor();
  await at.signOutThereToo(page, 'ana@example.org');

  await person.arrive('/access/users', 'Users');
  await page.getByText('At the provider: ana.berg@example.org').waitFor();
  await looksRight(page, 'email-changed');
  // Ending the binding would make them someone new.
  await person.select('ana@example.org');
  await person.button('Account').click();
  await page.getByRole('menuitem', { name: 'End binding' }).click();
  const unbind = person.dialog('End the binding of ana@example.org?');
  await unbind.getByText(/If it is the same person, change the email instead/).waitFor();
  await looksRight(page, 'end-binding-of-renamed');
  await unbind.getByRole('button', { name: 'Cancel' }).click();
  await person.button('Account').click();
  await page.getByRole('menuitem', { name: 'Change email' }).click();
  const dialog = person.dialog('Change the email of ana@example.org?');
  await dialog.getByText('This moves 1 access rule:').waitFor();
  await dialog.getByText('Viewer in department research').waitFor();
  await dialog.getByText('1 access rule for ana.berg@example.org already exists and also applies:').waitFor();
  await dialog.getByText('Editor in project vision').waitFor();
  await looksRight(page, 'change-email');
  await dialog.getByRole('button', { name: 'Change email' }).click();
  await page.getByText('ana@example.org is now ana.berg@example.org.').first().waitFor();
  await eventually(() => person.users().then((users) => users.sort()), ['admin@example.com', 'ana.berg@example.org']);
  assert.deepEqual((await api.rulesOf('ana.berg@example.org')).sort(), ['Editor in vision', 'Viewer in research']);
  await at.signOut(page, 'admin@example.com');

  await continueAs('ana');
  await page.getByRole('button', { name: 'Account of ana.berg@example.org' }).waitFor();
});

ssoStory(
  'everybody gets a new identity at the provider: an administrator ends all bindings, and sees first whom that affects',
  { ana: person('ana', ['researchers']), ben: person('ben', [], { email: 'ben@elsewhere.example' }), eva: person('ana', ['researchers']) },
  async ({ page, person, api, provider, continueAs }) => {
    const { research } = await api.organisation();
    await api.rule('researchers', 'Viewer', research, 'group');
    for (const [who, email] of [['ana', 'ana@example.org'], ['ben', 'ben@elsewhere.example']]) {
      await page.goto('/me/access');
      await continueAs(who);
      await page.getByRole('button', { name: `Account of ${email}` }).waitFor();
      await at.signOutThereToo(page, email);
    }
    await api.put('/api/v1/idps/oidc', { ...provider.settings, emailDomains: ['example.org'] });

    await person.arrive('/admin/identity-providers', 'Identity providers');
    await page.getByRole('button', { name: 'Actions of oidc' }).click();
    await page.getByRole('menuitem', { name: 'End all bindings' }).click();
    const dialog = person.dialog('End all bindings to oidc?');
    await dialog.getByText(/It signs out 2 users/).waitFor();
    await dialog.getByText('1 of them has access through groups, which is suspended until the next sign-in.').waitFor();
    await dialog.getByText('1 of them cannot sign in again').waitFor();
    await dialog.getByText('ben@elsewhere.example').waitFor();
    await looksRight(page, 'end-all-bindings');
    await dialog.getByRole('button', { name: 'End 2 bindings' }).click();
    await page.getByText('2 bindings to oidc ended.').first().waitFor();
    await at.signOut(page, 'admin@example.com');

    await continueAs('eva');
    await page.getByRole('button', { name: 'Account of ana@example.org' }).waitFor();
    await at.signOutThereToo(page, 'ana@example.org');

    // One that was removed keeps its people, and they can be let go.
    await person.arrive('/admin/identity-providers', 'Identity providers');
    await page.getByRole('button', { name: 'Actions of oidc' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await person.dialog('Remove oidc?').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('1 user is bound to identity providers that were removed').waitFor();
    await looksRight(page, 'bound-to-removed-providers');
    await page.getByRole('button', { name: 'End these bindings' }).click();
    await person.dialog('End all bindings to removed identity providers?').getByRole('button', { name: 'End 1 binding' }).click();
    await page.getByText('1 binding to removed identity providers ended.').first().waitFor();
    await eventually(() => page.getByText('bound to identity providers that were removed').count(), 0);
  },
);
