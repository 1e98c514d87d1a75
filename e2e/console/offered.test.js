// What a person may not do is not offered.
import assert from 'node:assert/strict';
import { eventually, looksRight, story } from './browser.js';

const DORA = 'dora@example.com';
const ANA = 'ana@example.com';

story('a department administrator gives roles in her department and nowhere else', async ({ page, person, api }) => {
  const dora = await api.person(DORA);
  await api.user(ANA);
  const { account, research } = await api.organisation();
  await api.rule(DORA, 'Department administrator', research);
  await api.rule(ANA, 'Viewer', account);
  await person.arrive('/access/users', 'Users', dora.email, dora.password);
  assert.equal(await person.button('New local user').count(), 0);
  await person.select(ANA);
  await person.button('Access rules').waitFor();
  for (const name of ['Reset password', 'Sign-in', 'Delete']) assert.equal(await person.button(name).count(), 0, name);

  await person.button('Access rules').click();
  await person.button('Access rule').click();
  await person.choose('Scope', 'research');
  await person.choose('Role', 'Viewer');
  await person.button('Save rule').click();
  await page.getByText(`${ANA} is a Viewer in research.`).waitFor();
  await page.getByRole('button', { name: 'Delete the rule: a Viewer in research' }).waitFor();

  // Where she is nobody's administrator, no role can be chosen.
  await person.button('Access rule').click();
  await person.choose('Scope', 'berlin');
  await person.dialog(`New access rule for ${ANA}`).getByRole('button', { name: /^Role/ }).click();
  await eventually(() => page.getByRole('option', { name: /^Viewer/ }).getAttribute('aria-disabled'), 'true');
});

story('a viewer is offered neither users nor access rules', async ({ page, person, api, expect }) => {
  const ana = await api.person(ANA);
  await api.rule(ANA, 'Viewer', (await api.organisation()).research);
  await page.goto('/');
  await person.signIn(ana.email, ana.password);
  await page.getByRole('link', { name: 'Password' }).first().waitFor();
  assert.equal(await page.getByRole('link', { name: 'Users' }).count(), 0);
  assert.equal(await page.getByRole('link', { name: 'Access rules' }).count(), 0);

  // A link that was sent shows his own rules, and nothing to do with them.
  await page.goto('/access/rules');
  await page.getByRole('rowheader', { name: ANA }).waitFor();
  assert.equal(await person.button('New access rule').count(), 0);
  assert.equal(await page.getByRole('checkbox').count(), 0);
  await looksRight(page, 'access-rules-of-a-viewer');
  for (const path of ['/api/v1/users', '/api/v1/users/count']) expect(403, path);
  await page.goto('/access/users?dialog=new-user');
  await page.getByText('The users cannot be shown').waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
});
