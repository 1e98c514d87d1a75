// Access, Users: what is done with a user who is selected, section by section.
import assert from 'node:assert/strict';
import { browserStory, eventually, looksRight, story } from './browser.js';
import { ADMINISTRATOR } from './server.js';

const ANA = 'ana@example.com';
const BEN = 'ben@example.com';

/** What loses something is filled red where it is confirmed, and nowhere else. */
const DANGER = 'rgb(185, 28, 28)';
const backgroundOf = (button) => button.evaluate((one) => getComputedStyle(one).backgroundColor);

story('adding an access rule to a user', async ({ page, person, api }) => {
  await api.user(ANA);
  await api.organisation();
  await person.arrive('/access/users', 'Users');
  await person.select(ANA);
  await person.button('Access rules').click();
  await person.dialog(`Access rules of ${ANA}`).getByText('None.', { exact: true }).waitFor();
  await person.button('Access rule').click();
  // Which roles one may give depends on the scope.
  const role = page.getByRole('dialog').getByRole('button', { name: /^Role/ });
  await role.getByText('Choose a scope first').waitFor();
  assert.equal(await role.isDisabled(), true);
  await person.chooseScopes('research');
  await person.choose('Role', 'Viewer');
  await page.getByRole('button', { name: 'What Viewer allows' }).click();
  await page.getByText(/^View: .*Projects/).first().waitFor();
  await looksRight(page, 'new-access-rule');
  await person.button('Save rule').click();
  await page.getByText(`${ANA} has Viewer in research.`).first().waitFor();
  await person.dialog(`Access rules of ${ANA}`).getByRole('rowheader', { name: 'Viewer' }).waitFor();
  await looksRight(page, 'access-rules-of-a-user');
  await person.button('Close').last().click();
  await page.getByRole('row', { name: new RegExp(ANA) }).getByText('Viewer · research').waitFor();
  assert.deepEqual(await api.rulesOf(ANA), ['Viewer in research']);
});

story('deleting an access rule of a user', async ({ page, person, api }) => {
  await api.user(ANA);
  const { research, vision } = await api.organisation();
  await api.rule(ANA, 'Viewer', research);
  await api.rule(ANA, 'Editor', vision);
  await person.arrive('/access/users', 'Users');
  await person.select(ANA);
  await person.button('Access rules').click();
  await page.getByRole('button', { name: 'Delete the rule: Viewer in research' }).click();
  const asked = person.dialog('Delete the access rule?');
  await asked.getByText(`Viewer in research from ${ANA}`).waitFor();
  await asked.getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`Removed Viewer in research from ${ANA}.`).first().waitFor();
  await eventually(() => api.rulesOf(ANA), ['Editor in vision']);
  await person.dialog(`Access rules of ${ANA}`).getByRole('rowheader', { name: 'Editor' }).waitFor();
});

story('each step with the rules of a user has its address', async ({ page, person, api }) => {
  await api.user(ANA);
  const { research } = await api.organisation();
  await api.rule(ANA, 'Viewer', research);
  await person.arrive('/access/users', 'Users');
  await person.select(ANA);
  await person.button('Access rules').click();
  const rules = person.dialog(`Access rules of ${ANA}`);
  const fresh = person.dialog(`New access rule for ${ANA}`);
  const asked = person.dialog('Delete the access rule?');
  await person.button('Access rule').click();
  await fresh.waitFor();
  await page.reload();
  await fresh.waitFor();
  await page.goBack();
  await rules.waitFor();
  await page.getByRole('button', { name: 'Delete the rule: Viewer in research' }).click();
  await asked.getByText(`Viewer in research from ${ANA}`).waitFor();
  await page.reload();
  await asked.getByText(`Viewer in research from ${ANA}`).waitFor();
  await page.goBack();
  await rules.waitFor();
  await page.goForward();
  await asked.getByRole('button', { name: 'Cancel' }).click();
  await rules.getByRole('rowheader', { name: 'Viewer' }).waitFor();
  assert.deepEqual(await api.rulesOf(ANA), ['Viewer in research']);
});

story("resetting a user's password", async ({ page, person, context, api }) => {
  await api.person(ANA);
  await person.arrive('/access/users', 'Users');
  await person.select(ANA);
  await person.button('Reset password').click();
  await looksRight(page, 'reset-password');
  await person.dialog('Reset the password?').getByRole('button', { name: 'Reset' }).click();
  await person.button('Copy all').click();
  await page.getByText('Copied').first().waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  await person.button('Done').click();
  await page.getByText(`${ANA} has a new temporary password.`).first().waitFor();

  await context.clearCookies();
  await page.goto('/sign-in');
  await person.signIn(ANA, copied.split('Temporary password: ')[1]);
  await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
});

story('deleting a user', async ({ page, person, api }) => {
  await api.user(ANA);
  await api.rule(ANA, 'Viewer', (await api.organisation()).research);
  await person.arrive('/access/users', 'Users');
  await person.select(ANA);
  await person.button('Delete').click();
  const dialog = person.dialog(`Delete ${ANA}?`);
  await dialog.getByText('This also deletes 1 access rule and ends all sessions.').waitFor();
  await looksRight(page, 'delete-user');
  assert.equal(await backgroundOf(dialog.getByRole('button', { name: 'Delete' })), DANGER);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`${ANA} was deleted.`).first().waitFor();
  await eventually(() => person.users(), [ADMINISTRATOR]);
  assert.deepEqual(await api.rulesOf(ANA), []);
});

story('logging a user out, disabling and enabling them', async ({ page, person, api }) => {
  const { id } = await api.person(ANA);
  await person.arrive('/access/users', 'Users');
  await person.select(ANA);
  const sign = async (change) => {
    await person.button('Account').click();
    await page.getByRole('menuitem', { name: change }).click();
    const asked = person.dialog(new RegExp(`${ANA}.*\\?$`));
    await asked.getByRole('button', { name: /^(Sign out everywhere|Disable|Enable)$/ }).click();
    await asked.waitFor({ state: 'detached' });
  };
  await sign('Sign out everywhere');
  await page.getByText(`${ANA} was signed out everywhere.`).first().waitFor();
  await sign('Disable');
  await page.getByText(`${ANA} was disabled.`).first().waitFor();
  assert.equal((await api.get(`/api/v1/users/${id}`)).enabled, false);
  await page.getByRole('row', { name: new RegExp(ANA) }).getByText('Disabled', { exact: true }).waitFor();
  await sign('Enable');
  await page.getByText(`${ANA} was enabled.`).first().waitFor();
  assert.equal((await api.get(`/api/v1/users/${id}`)).enabled, true);
});

story('a user whom someone else changed meanwhile is not changed blindly', async ({ page, person, api, expect }) => {
  const { id } = await api.person(ANA);
  await person.arrive('/access/users', 'Users');
  await person.select(ANA);
  await person.button('Delete').click();
  const dialog = person.dialog(`Delete ${ANA}?`);
  await dialog.getByText('Access rules of this user: none.').waitFor();
  await api.send(`/api/v1/users/${id}/disable`);
  expect(412, `/api/v1/users/${id}`);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText('Another user changed this.').waitFor();
  // What is shown was read anew, and now it is meant.
  await page.getByText('Disabled', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`${ANA} was deleted.`).first().waitFor();
});

story('several users get one rule, and are deleted, each with its outcome', async ({ page, person, api }) => {
  await api.user(ANA);
  await api.user(BEN);
  const { research } = await api.organisation();
  await api.rule(ANA, 'Viewer', research);
  await person.arrive('/access/users', 'Users');
  await person.select(ANA, BEN);
  await person.button('Add access rule').click();
  await person.dialog('New access rule for 2 users').getByText(`${ANA}, ${BEN}`).waitFor();
  await person.chooseScopes('research');
  await person.choose('Role', 'Viewer');
  await person.button('Save rule').click();
  const outcomes = person.dialog('1 of 2 access rules added');
  await outcomes.getByText(`Added: ${BEN} has Viewer in research`).waitFor();
  await outcomes.getByText(`Not added: Viewer in research for ${ANA}`).waitFor();
  await looksRight(page, 'outcomes');
  await outcomes.getByRole('button', { name: 'Close' }).last().click();
  await eventually(() => api.rulesOf(BEN), ['Viewer in research']);

  // The administrator is the last one, and stays.
  await person.select(ADMINISTRATOR);
  await person.button('Delete').click();
  const deletion = person.dialog('Delete 2 users?');
  await deletion.getByText('You will not be deleted').waitFor();
  await deletion.getByText(/^You are the last administrator\. .*lock everyone out/).waitFor();
  assert.deepEqual((await deletion.getByRole('listitem').allInnerTexts()).toSorted(), [ANA, BEN]);
  assert.equal(await deletion.getByText('This is you').or(deletion.getByRole('textbox')).count(), 0);
  await looksRight(page, 'delete-without-oneself');
  await deletion.getByRole('button', { name: 'Delete 2 users', exact: true }).click();
  await page.getByText('2 users were deleted.').first().waitFor();
  await eventually(() => person.users(), [ADMINISTRATOR]);
});

browserStory('on a phone each action can be reached, the trash can be pressed, and the tree of scopes can be read', async ({ page, person, api }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const { id } = await api.user(ANA);
  const { research } = await api.organisation();
  await api.rule(ANA, 'Department administrator', research);
  await person.arrive('/access/users', 'Users');
  const within = (locator) => locator.evaluateAll((all) => all.every((one) => one.getBoundingClientRect().left >= 0 && one.getBoundingClientRect().right <= innerWidth));
  assert.ok(await within(page.getByRole('group', { name: 'Actions for selected users' }).getByRole('button')));
  await page.goto(`/access/users?dialog=rules:${id}`);
  const trash = page.getByRole('button', { name: 'Delete the rule: Department administrator in research' });
  await trash.waitFor();
  assert.ok(await within(trash));
  await trash.click();
  await person.dialog('Delete the access rule?').waitFor();

  await page.goto('/organisation/scopes');
  await page.getByRole('button', { name: 'Open berlin' }).click();
  const name = page.getByRole('treegrid', { name: 'Scopes' }).getByRole('link', { name: 'research' });
  await name.waitFor();
  // One line: no word is broken.
  assert.equal(await name.evaluate((link) => link.getClientRects().length), 1);
  // What is chosen is shown below the tree, and comes into view.
  await name.click();
  const heading = page.getByRole('heading', { name: 'research', level: 2 });
  await heading.waitFor();
  const isInView = () => heading.evaluate((one) => one.getBoundingClientRect().top >= 44 && one.getBoundingClientRect().bottom <= innerHeight / 2);
  await eventually(isInView, true);
  await eventually(() => page.evaluate(() => document.activeElement.contains(document.querySelector('.followed h2'))), true);
  await page.screenshot({ path: `${process.env.ROLECALL_SCREENSHOTS}/scope-on-a-phone.png` });

  // An email breaks between its parts only.
  const { id: role } = (await api.get('/api/v1/authorization/roles')).find((role) => role.name === 'System administrator');
  await page.goto(`/access/roles/${role}`);
  const email = page.getByRole('table', { name: 'Who has it' }).getByRole('rowheader');
  await email.getByText('admin').waitFor();
  assert.equal(await email.locator('.anywhere').count(), 0);
  assert.equal(await email.locator('wbr').count(), 2);
});
