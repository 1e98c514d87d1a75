// Admin, Identity providers: an administrator adds one, people sign in with it, and it goes again.
import assert from 'node:assert/strict';
import { continueAs, signOut, signOutThereToo } from './at-provider.js';
import { browserStory, looksRight, storyWith } from './browser.js';
import { REACHABLE, startProvider } from './provider.js';

storyWith(REACHABLE, 'an administrator adds a provider, someone signs in, and it is disabled, enabled and removed', async ({ page, person, server, allow, expect }) => {
  const provider = await startProvider(server.url, { ana: { email: 'ana@example.org', email_verified: true, groups: [] } });
  allow(provider.issuer);
  try {
    await person.arrive('/admin/identity-providers', 'Identity providers');
    await page.getByText('There are no identity providers.').waitFor();
    await looksRight(page, 'identity-providers-none');
    await page.getByRole('button', { name: '+ Identity provider', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Custom OpenID Connect' }).click();
    const dialog = person.dialog('New identity provider: OpenID Connect');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByText('Required.').waitFor();
    await dialog.getByLabel('Discovery document URL').fill(provider.settings.oidcData.discoverDocumentUrl);
    await dialog.getByLabel('Client ID').fill(provider.settings.oidcData.clientId);
    await dialog.getByLabel('Client secret').fill(provider.settings.oidcData.clientSecret);
    await dialog.getByLabel(/^Scopes/).fill('email groups');
    await dialog.getByLabel(/^Email domains/).fill('no domain');
    await dialog.getByRole('button', { name: 'Attributes' }).click();
    await dialog.getByLabel(/^Groups/).fill('groups');
    await looksRight(page, 'new-identity-provider');
    expect(400, '/api/v1/idps');
    await dialog.getByRole('button', { name: 'Create' }).click();
    // What is wrong stands at its field, and what was typed is still there.
    await dialog.getByText(/“no” is not an email domain/).waitFor();
    await dialog.getByLabel(/^Email domains/).fill('example.org');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByText('oidc was created. Enter its addresses at the provider.').first().waitFor();
    const row = page.getByRole('row', { name: /^oidc/ });
    await row.getByText('example.org').waitFor();
    await row.getByText(/\/sso\/oidc\/callback$/).waitFor();
    await row.getByText(/\/sso\/oidc\/signed-out$/).waitFor();
    await row.getByText(/\/sso\/oidc\/backchannel-logout$/).waitFor();
    await looksRight(page, 'identity-providers');

    // Its secret is kept when something else changes.
    const act = async (what) => {
      await page.getByRole('button', { name: 'Actions of oidc' }).click();
      await page.getByRole('menuitem', { name: what }).click();
    };
    await act('Edit');
    const edit = person.dialog('Edit oidc');
    assert.equal(await edit.getByLabel('Client secret').inputValue(), '');
    await edit.getByLabel(/^Email domains/).fill('example.org, example.net');
    await edit.getByRole('button', { name: 'Save' }).click();
    await row.getByText('example.net').waitFor();

    await signOut(page, 'admin@example.com');
    await continueAs(page, 'ana');
    await page.getByRole('button', { name: 'Account of ana@example.org' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Identity providers' }).count(), 0, 'nobody else administers them');
    await signOutThereToo(page, 'ana@example.org');

    await person.arrive('/admin/identity-providers', 'Identity providers');
    await act('Disable');
    await person.dialog('Disable oidc?').getByRole('button', { name: 'Disable' }).click();
    await row.getByText('Disabled').waitFor();
    await act('Enable');
    await person.dialog('Enable oidc?').getByRole('button', { name: 'Enable' }).click();
    await row.getByText('Enabled').waitFor();
    await row.getByText('example.net').waitFor();
    await act('Remove');
    const remove = person.dialog('Remove oidc?');
    await looksRight(page, 'remove-identity-provider');
    await remove.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('There are no identity providers.').waitFor();
  } finally {
    await provider.stop();
  }
});

browserStory('a SAML provider shows what is to be entered there, and what its metadata lack', async ({ page, person, expect }) => {
  await person.arrive('/admin/identity-providers', 'Identity providers');
  await page.getByRole('button', { name: '+ Identity provider', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Custom SAML 2.0' }).click();
  const dialog = person.dialog('New identity provider: SAML 2.0');
  await dialog.getByLabel('As text').check();
  await dialog.getByLabel('Metadata', { exact: true }).fill('<nothing/>');
  expect(400, '/api/v1/idps');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText(/it is not SAML metadata/).waitFor();
  await looksRight(page, 'new-saml-provider');
  await dialog.getByLabel('From an address').check();
  await dialog.getByLabel('Metadata URL').fill('https://id.example.org/metadata');
  await dialog.getByRole('button', { name: 'Create' }).click();
  const row = page.getByRole('row', { name: /^saml/ });
  await row.getByText(/\/sso\/saml\/metadata$/).waitFor();
  await row.getByText(/\/sso\/saml\/acs$/).waitFor();
  await row.getByText(/\/sso\/saml\/slo$/).waitFor();
});
