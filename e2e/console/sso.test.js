// Access, Users: people who sign in with an identity provider, and the rules that they hold through its groups.
import assert from 'node:assert/strict';
import { eventually, looksRight, story } from './browser.js';
import { ADMINISTRATOR } from './server.js';

const SAM = 'sam@example.com';

story('a user of an identity provider: no password to reset, rules through groups, and deleting that does not keep them out', async ({ page, person, api, server }) => {
  await server.crowd([{ email: SAM, groups: ['researchers'] }]);
  const { research, vision } = await api.organisation();
  await api.rule('researchers', 'Viewer', research, 'group');
  await api.rule(SAM, 'Editor', vision);
  await person.arrive('/access/users', 'Users');
  await page.getByRole('row', { name: new RegExp(`${SAM} SSO`) }).getByText('+1').waitFor();
  await person.select(SAM);
  await person.button('Access rules').waitFor();
  assert.equal(await person.button('Reset password').isDisabled(), true);

  // Direct rules and those through groups are told apart; the latter are not theirs to lose.
  await person.button('Access rules').click();
  const rules = person.dialog(`Access rules of ${SAM}`);
  await rules.getByRole('row', { name: /Editor vision Directly/ }).waitFor();
  await rules.getByRole('row', { name: /Viewer research Through the group researchers/ }).waitFor();
  await eventually(() => rules.getByRole('button', { name: /^Delete the rule/ }).count(), 1);
  await looksRight(page, 'access-rules-through-a-group');
  await person.button('Close').last().click();

  // The user would come back: the dialog says so, and offers what keeps them out.
  await person.button('Delete').click();
  const asked = person.dialog(`Delete ${SAM}?`);
  await asked.getByText(/signs in with an identity provider and comes back, without access rules/).waitFor();
  await looksRight(page, 'delete-sso-user');
  await asked.getByRole('button', { name: 'Disable instead' }).click();
  await person.dialog(`Disable ${SAM}?`).getByRole('button', { name: 'Disable' }).click();
  await page.getByText(`${SAM} was disabled.`).first().waitFor();
  await page.getByRole('row', { name: new RegExp(SAM) }).getByText('Disabled', { exact: true }).waitFor();

  // And deleting is still possible.
  await person.button('Delete').click();
  await person.dialog(`Delete ${SAM}?`).getByText('This also deletes 1 access rule and ends all sessions.').waitFor();
  await person.dialog(`Delete ${SAM}?`).getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`${SAM} was deleted.`).first().waitFor();
  await eventually(() => person.users(), [ADMINISTRATOR]);
  // What the group may do stays.
  assert.deepEqual(await api.rulesOf('researchers'), ['Viewer in research']);
});
