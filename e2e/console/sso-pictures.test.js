// The pictures in docs/sso. They are written where ROLECALL_PICTURES says, and to be committed from docs/pictures.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { continueAs } from './at-provider.js';
import { browserStoryWith } from './browser.js';
import { REACHABLE, startProvider } from './provider.js';

const GUIDES = new URL('../../docs/sso/', import.meta.url);
const NAMES = ['sso-oidc', 'sso-saml', 'sso-openshift', 'sso-addresses', 'sso-test', 'sso-recent', 'sso-sign-in'];
/** A page of text should not be slow because of its pictures. */
const LARGEST = 200_000;

test('each guide shows pictures, each with words for those who do not see it', () => {
  const seen = new Set();
  for (const file of readdirSync(GUIDES).filter((name) => name !== 'codes.md')) {
    const shown = [...readFileSync(new URL(file, GUIDES), 'utf8').matchAll(/!\[([^\]]+)\]\(\.\.\/pictures\/([^)]+)\.png\)/g)];
    assert.ok(shown.length > 0, `${file} shows no picture`);
    for (const [, words, name] of shown) {
      assert.ok(words.length > 20, words);
      seen.add(name);
    }
  }
  assert.deepEqual([...seen].sort(), [...NAMES].sort());
  for (const name of NAMES) {
    const { size } = statSync(new URL(`../pictures/${name}.png`, GUIDES));
    assert.ok(size > 5_000 && size <= LARGEST, `${name}.png has ${size} bytes`);
  }
});

browserStoryWith(REACHABLE, 'the pictures of the guides to single sign-on', async ({ page, person, api, server, allow }) => {
  const provider = await startProvider(server.url, { ana: { email: 'ana@example.com', email_verified: true, groups: ['researchers'] }, bea: { email: 'bea@example.com', email_verified: true } });
  allow(provider.issuer);
  const folder = process.env.ROLECALL_PICTURES ?? join(process.env.ROLECALL_SCREENSHOTS, 'sso');
  mkdirSync(folder, { recursive: true });
  const picture = async (name) => {
    assert.ok(NAMES.includes(name), name);
    await page.waitForLoadState('networkidle');
    // The address of this test is nobody else's.
    await page.evaluate(readersAddress);
    await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
  };
  try {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1180, height: 820 });
    await person.arrive('/admin/identity-providers', 'Identity providers');
    const form = async (kind, title, fill) => {
      await page.getByRole('button', { name: '+ Identity provider', exact: true }).click();
      await page.getByRole('menuitem', { name: kind }).click();
      const dialog = person.dialog(`New identity provider: ${title}`);
      await fill(dialog);
      await picture(`sso-${title === 'OpenID Connect' ? 'oidc' : title === 'SAML 2.0' ? 'saml' : 'openshift'}`);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
    };
    await form('Custom OpenID Connect', 'OpenID Connect', async (dialog) => {
      await dialog.getByLabel('Discovery document URL').fill('https://id.example.com/realms/example/.well-known/openid-configuration');
      await dialog.getByLabel('Client ID').fill('rolecall');
      await dialog.getByLabel('Client secret').fill('juniper-Anvil-77-thaw');
      await dialog.getByLabel(/^Email domains/).fill('example.com');
    });
    await form('Custom SAML 2.0', 'SAML 2.0', async (dialog) => {
      await dialog.getByLabel('Metadata URL').fill('https://adfs.example.com/FederationMetadata/2007-06/FederationMetadata.xml');
      await dialog.getByLabel(/^Email domains/).fill('example.com');
      await dialog.getByLabel(/^I vouch/).check();
    });
    await form('OpenShift v4', 'OpenShift v4', async (dialog) => {
      await dialog.getByLabel('Base URL').fill('https://api.gpu.example.com:6443');
      await dialog.getByLabel(/^Client ID/).fill('rolecall');
      await dialog.getByLabel('Client secret').fill('juniper-Anvil-77-thaw');
      await dialog.getByLabel(/^Email domains/).fill('example.com');
      await dialog.getByLabel(/^I vouch/).check();
    });

    await api.post('/api/v1/idps', { ...provider.settings, emailDomains: ['example.com'] });
    const { research } = await api.organisation();
    await api.rule('researchers', 'Viewer', research, 'group');
    await page.reload();
    await page.getByText(/\/sso\/oidc\/callback$/).waitFor();
    await picture('sso-addresses');
    const tries = async (who) => {
      await page.goto('/admin/identity-providers');
      await page.getByRole('button', { name: 'Actions of oidc' }).click();
      await page.getByRole('menuitem', { name: 'Test sign-in' }).click();
      await page.getByLabel('Name').fill(who);
      await page.getByRole('button', { name: 'Continue' }).click();
    };
    await tries('ana');
    await page.getByText('This person would sign in').waitFor();
    await picture('sso-test');

    await page.context().clearCookies();
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Continue with SSO' }).waitFor();
    await picture('sso-sign-in');
    await continueAs(page, 'bea');
    const told = await page.getByText(/Reference: /).innerText();
    await person.arrive(`/admin/identity-providers/sign-ins?dialog=sign-in:${told.slice(-9)}`, 'Recent sign-ins');
    await page.getByText(/^What helps: /).waitFor();
    await picture('sso-recent');
  } finally {
    await provider.stop();
  }
});

function readersAddress() {
  for (const one of document.querySelectorAll('span')) {
    const isText = [...one.children].every(({ tagName }) => tagName === 'WBR');
    const shown = one.textContent.replaceAll(/http:\/\/localhost:\d+/g, 'https://rolecall.example.com');
    if (!isText || shown === one.textContent) continue;
    one.replaceChildren(...shown.split(/(?<=\/)/).flatMap((part) => [document.createElement('wbr'), part]));
  }
}
