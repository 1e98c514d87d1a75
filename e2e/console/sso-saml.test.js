// Signing in with a SAML provider, as people do: its page posts the answer, and its clock, keys and words may be wrong.
import { continueAs, fails, signOut } from './at-provider.js';
import { eventually, looksRight, storyWith } from './browser.js';
import { REACHABLE } from './provider.js';
import { startSamlProvider } from './saml-provider.js';

const person = (name, groups, more = {}) => ({
  name: `${name.toLowerCase()}-1`,
  attributes: { email: [`${name}@example.org`], ...(groups && { groups }) },
  ...more,
});

/** A story with a provider that people can sign in with. */
function samlStory(name, people, tell) {
  storyWith(REACHABLE, name, async (told) => {
    const provider = await startSamlProvider(told.server.url, people);
    told.allow(provider.address);
    try {
      await told.api.post('/api/v1/idps', provider.settings);
      const { page } = told;
      await tell({ ...told, provider, continueAs: (who) => continueAs(page, who), fails: (...told) => fails(page, ...told) });
    } finally {
      await provider.stop();
    }
  });
}

samlStory(
  'SAML: three people, one with a rule, one with a group that has one, one with none',
  { ana: person('ana', ['none']), ben: person('Ben', ['researchers', 'all, of us']), cleo: person('cleo', ['none']) },
  async ({ page, person, api, provider, continueAs }) => {
    const { research, vision } = await api.organisation();
    await api.rule('ana@example.org', 'Department administrator', research);
    await api.rule('researchers', 'Viewer', vision, 'group');

    await page.goto('/access/rules');
    await continueAs('ana');
    await page.getByRole('heading', { name: /^Access rules/ }).waitFor();
    await signOut(page, 'ana@example.org');

    // Encrypted for this server's key, and by a provider that wants requests as forms.
    await provider.change({ encrypt: 'AES-GCM', binding: 'post' });
    await api.put('/api/v1/idps/saml', provider.settings);
    await continueAs('ben');
    await page.getByRole('button', { name: 'Account of ben@example.org' }).waitFor();
    await page.goto('/me/access');
    await page.getByText('Through the group researchers').first().waitFor();
    await signOut(page, 'ben@example.org');

    await continueAs('cleo');
    await page.getByText('You have no access here yet').first().waitFor();
    await signOut(page, 'cleo@example.org');

    await person.arrive('/access/users', 'Users');
    await eventually(() => person.users().then((users) => users.sort()), ['admin@example.com', 'ana@example.org', 'ben@example.org', 'cleo@example.org']);
  },
);

samlStory(
  'SAML: what fails is said in words, with a code',
  {
    ana: person('ana', ['none']),
    bea: person('bea', undefined),
    carl: person('carl', ['none'], { attributes: { groups: ['none'] } }),
    dora: person('dora', ['none'], { transient: true }),
  },
  async ({ page, provider, continueAs, fails, server }) => {
    await page.goto('/me/access');
    await fails('bea', 'Your groups are missing', 'groups-absent');
    await fails('carl', 'Your email is missing', 'email-missing');
    await fails('dora', 'The identity provider cannot be used', 'saml-transient-name-id');
    await looksRight(page, 'sign-in-with-saml-failed');
    await provider.change({ encrypt: '3DES' });
    await fails('ana', 'The identity provider cannot be used', 'saml-unsupported-encryption');
    await provider.change({ encrypt: '', clock: -600 });
    await fails('ana', 'The clocks differ', 'saml-expired');
    await provider.change({ clock: 600 });
    await fails('ana', 'The clocks differ', 'saml-not-yet-valid');

    // Another certificate than before is read, but not more often than every few seconds; one that has expired is refused.
    await provider.change({ clock: 0, key: 'expired' });
    await eventually(async () => {
      await continueAs('ana');
      await page.getByText(/Code: saml-/).waitFor();
      return page.getByText('Code: saml-expired-certificate').isVisible();
    }, true);
    await provider.change({ key: 'new' });
    const isIn = page.getByRole('heading', { name: /^My access/ }).first();
    await eventually(async () => {
      await continueAs('ana');
      await isIn.or(page.getByText(/Code: saml-/)).waitFor();
      return isIn.isVisible();
    }, true);
    await signOut(page, 'ana@example.org');

    await provider.stop();
    await server.down();
    await server.up();
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Continue with SSO' }).click();
    await page.getByText('Code: provider-unreachable').waitFor();
  },
);
