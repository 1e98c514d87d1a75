// What administrators see of sign-ins: the one behind a reference, a test of a provider, and what changed settings would do.
import assert from 'node:assert/strict';
import { continueAs, signOut, signOutThereToo } from './at-provider.js';
import { looksRight, storyWith } from './browser.js';
import { REACHABLE, startProvider } from './provider.js';

const human = (name, groups, more = {}) => ({ email: `${name}@example.org`, email_verified: true, groups, ...more });

storyWith(REACHABLE, 'a person who is refused tells a reference; the administrator finds it, tests the provider, rehearses and saves', async ({ page, person, api, server, allow, expect }) => {
  const provider = await startProvider(server.url, { ana: human('ana', ['researchers'], { teams: [] }), bea: human('bea', undefined, { teams: ['researchers'] }) });
  allow(provider.issuer);
  try {
    await api.post('/api/v1/idps', provider.settings);
    const { research } = await api.organisation();
    await api.rule('researchers', 'Viewer', research, 'group');

    await page.goto('/sign-in');
    await continueAs(page, 'bea');
    await page.getByText('Your groups are missing').waitFor();
    const told = await page.getByText(/^Code: groups-absent\. Reference: /).innerText();
    const reference = told.slice(-9);
    assert.match(reference, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    await looksRight(page, 'sign-in-refused');

    await person.arrive('/admin/identity-providers', 'Identity providers');
    await page.getByRole('link', { name: 'Recent sign-ins' }).click();
    await page.getByPlaceholder('Search by email or reference').fill(reference.toLowerCase());
    await page.getByRole('link', { name: reference }).click();
    const report = person.dialog(`Sign-in ${reference}`);
    await report.getByText('The identity provider sent no claim "groups".').waitFor();
    await report.getByText(/^What helps: Map the claim that holds them/).waitFor();
    assert.deepEqual((await report.getByLabel('Steps').getByRole('listitem').allInnerTexts()).at(-1).trim(), 'Read email and groups from the claims');
    await report.getByRole('button', { name: 'What the provider said' }).click();
    await report.getByText('"email": "bea@example.org"').waitFor();
    await looksRight(page, 'recent-sign-in');
    await report.getByRole('button', { name: 'Close' }).last().click();

    await page.getByRole('button', { name: 'Clear the search' }).click();
    await page.getByLabel('Failed only').check();
    await page.getByRole('link', { name: reference }).waitFor();
    await looksRight(page, 'recent-sign-ins');

    // A test goes the whole way, and nobody comes in.
    await page.getByRole('link', { name: 'Identity providers' }).first().click();
    const act = async (what) => {
      await page.getByRole('button', { name: 'Actions of oidc' }).click();
      await page.getByRole('menuitem', { name: what }).click();
    };
    await act('Test sign-in');
    // The provider still has the session, and does not ask.
    const test = page.getByRole('dialog').filter({ hasText: 'Test ' });
    await test.getByText('Their groups are missing').waitFor();
    await looksRight(page, 'test-sign-in');
    await test.getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('Test', { exact: true }).waitFor();
    assert.deepEqual((await api.get('/api/v1/users')).map(({ username }) => username), ['admin@example.com']);

    // What pasted claims would do.
    await page.getByRole('link', { name: 'Identity providers' }).first().click();
    await act('Rehearse sign-ins');
    const rehearsal = person.dialog('Rehearse sign-ins with oidc');
    await rehearsal.getByLabel(/^One person/).check();
    await rehearsal.getByRole('button', { name: 'Rehearse' }).click();
    await rehearsal.getByText('Required.').waitFor();
    const pasted = rehearsal.getByRole('textbox');
    await pasted.fill('{ "email": ');
    await rehearsal.getByRole('button', { name: 'Rehearse' }).click();
    await rehearsal.getByText('This is not JSON.').waitFor();
    await pasted.fill('{ "email": "dora@example.org", "email_verified": true, "groups": ["researchers"] }');
    await rehearsal.getByRole('button', { name: 'Rehearse' }).click();
    await rehearsal.getByText('dora@example.org would appear as a new SSO user.').waitFor();
    await rehearsal.getByText('Viewer in department research through the group researchers').waitFor();
    await looksRight(page, 'rehearsal');
    await rehearsal.getByLabel(/^Everybody who signed in/).check();
    await rehearsal.getByRole('button', { name: 'Rehearse' }).click();
    await rehearsal.getByText('Nobody who is known signed in with it yet.').waitFor();
    await rehearsal.getByRole('button', { name: 'Cancel' }).click();

    // Saving says first what it does to those who are known.
    provider.rotateKeys();
    await signOut(page, 'admin@example.com');
    await continueAs(page, 'ana');
    await page.getByRole('button', { name: 'Account of ana@example.org' }).waitFor();
    await signOutThereToo(page, 'ana@example.org');
    await person.arrive('/admin/identity-providers', 'Identity providers');
    await act('Edit');
    const edit = person.dialog('Edit oidc');
    await edit.getByRole('button', { name: 'Attributes' }).click();
    await edit.getByLabel(/^Groups/).fill('teams');
    await edit.getByRole('button', { name: 'Save', exact: true }).click();
    await edit.getByText('1 of 1 person would be refused').waitFor();
    await looksRight(page, 'saving-rehearsed');
    await edit.getByLabel(/^Groups/).fill('groups');
    await edit.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('oidc was saved.').first().waitFor();
  } finally {
    await provider.stop();
  }
});
