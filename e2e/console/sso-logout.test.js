// Signing out, as people do who signed in with an identity provider: there as well, and here because they left there.
import * as at from './at-provider.js';
import { looksRight, storyWith } from './browser.js';
import { REACHABLE, startProvider } from './provider.js';
import { startSamlProvider } from './saml-provider.js';

const ANA = 'ana@example.org';

const OUT = 'You are signed out, at the identity provider as well.';

/** A story with a provider, in which ana has a rule. */
function signOutStory(name, start, tell) {
  storyWith(REACHABLE, name, async (told) => {
    const provider = await start(told);
    try {
      await told.api.post('/api/v1/idps', provider.settings);
      const { research } = await told.api.organisation();
      await told.api.rule(ANA, 'Department administrator', research);
      await tell({ ...told, provider });
    } finally {
      await provider.stop();
    }
  });
}

async function oidc({ server, allow }) {
  const provider = await startProvider(server.url, { ana: { email: ANA, email_verified: true, groups: [] } });
  allow(provider.issuer);
  return provider;
}

function saml(logout) {
  return async ({ server, allow }) => {
    const provider = await startSamlProvider(server.url, { ana: { name: 'ana-1', attributes: { email: [ANA], groups: ['none'] } } });
    allow(provider.address);
    await provider.change({ logout });
    return provider;
  };
}

async function signIn(page) {
  await page.goto('/access/rules');
  await at.continueAs(page, 'ana');
  await page.getByRole('heading', { name: /^Access rules/ }).waitFor();
}

/** The provider asks who it is, because it does not know them any more. */
async function isAskedAgain(page) {
  await page.getByRole('link', { name: 'Continue with SSO' }).click();
  await page.getByLabel('Name').waitFor();
}

/** The session here has ended: the next page leads to signing in. */
async function isOut(page) {
  await page.getByRole('link', { name: 'Users' }).click();
  await page.getByText('Your session has ended.').waitFor();
}

signOutStory('signing out ends the session at the provider as well', oidc, async ({ page, provider, server }) => {
  await signIn(page);
  // The provider knows them: without signing out there they are in again at once.
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Continue with SSO' }).click();
  await page.getByRole('button', { name: `Account of ${ANA}` }).waitFor();

  await at.signOutThereToo(page, ANA);
  await looksRight(page, 'signed-out-with-sso');
  await isAskedAgain(page);

  // Without the provider they are signed out here. A new server cannot know what it said of itself.
  await signIn(page);
  await provider.stop();
  await server.down();
  await server.up();
  await page.goto('/access/rules');
  await at.leave(page, ANA);
  await page.getByText('You are signed out here').waitFor();
  await looksRight(page, 'signed-out-here');
  await page.goto('/access/rules');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

signOutStory('someone signs out at the provider, in another tab', oidc, async ({ page, context, provider, expect }) => {
  await signIn(page);
  const other = await context.newPage();
  await other.goto(`${provider.issuer}/session/end`);
  await other.getByRole('button', { name: 'Yes' }).click();
  await other.getByRole('heading', { name: 'Signed out of the provider' }).waitFor();
  expect(401);
  await isOut(page);
  await isAskedAgain(page);
});

for (const logout of ['redirect', 'post']) {
  signOutStory(`SAML: signing out ends the session at the provider as well (${logout})`, saml(logout), async ({ page, context, provider, expect }) => {
    await signIn(page);
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Continue with SSO' }).click();
    await page.getByRole('button', { name: `Account of ${ANA}` }).waitFor();

    await at.leave(page, ANA);
    await page.getByText(OUT).waitFor();
    await isAskedAgain(page);

    // The other way around.
    await signIn(page);
    const other = await context.newPage();
    await other.goto(`${provider.address}/leave`);
    await other.getByText('Signed out everywhere').waitFor();
    expect(401);
    await isOut(page);
    await isAskedAgain(page);
  });
}
