// What people do to themselves: they are told that it is them and what follows, and nothing that is shown once is lost.
import assert from 'node:assert/strict';
import { browserStory, eventually, looksRight, story } from './browser.js';
import { ADMINISTRATOR } from './server.js';

const ANA = 'ana@example.com';
const BEN = 'ben@example.com';
const DORA = 'dora@example.com';

const idOf = async (api, email) => (await api.get('/api/v1/users')).find(({ username }) => username === email).id;

/** Holds the answer with a new password back until the returned function is called. The password is changed at once. */
async function holdPassword(page) {
  let answer;
  const gate = new Promise((resolve) => (answer = resolve));
  await page.route(
    (url) => url.pathname.endsWith('/password'),
    async (route) => {
      const response = await route.fetch();
      await gate;
      await route.fulfill({ response });
    },
  );
  return answer;
}

browserStory("one's own password is changed and never reset", async ({ page, person, api }) => {
  const id = await idOf(api, ADMINISTRATOR);
  await person.arrive(`/access/users?dialog=password:${id}`, 'Users');
  const dialog = person.dialog('Change your password');
  await dialog.getByText('This is you.').waitFor();
  await looksRight(page, 'own-password');
  await dialog.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('heading', { name: 'Password', level: 1 }).waitFor();
  await page.getByLabel('Current password').waitFor();
  // The password is still the one of before.
  await page.context().clearCookies();
  await person.arrive('/access/users', 'Users');
});

browserStory('a password that is shown once stays until Done: the session ends, Back and closing ask first', async ({ page, person, api, expect }) => {
  const { id } = await api.person(ANA);
  await person.arrive('/access/users', 'Users');
  await person.select(ANA);
  await person.button('Reset password').click();
  // From now on the session is over for whatever the page reads.
  for (const path of ['/api/v1/users', '/api/v1/users/count', '/api/v1/users/access-rules']) expect(401, path);
  const ended = { status: 401, json: { code: 401, message: 'the session has ended' } };
  await page.route((url) => url.pathname === '/api/v1/users', (route) => (route.request().method() === 'GET' ? route.fulfill(ended) : route.fallback()));
  await person.dialog('Reset the password?').getByRole('button', { name: 'Reset' }).click();
  const shown = person.dialog("The user's credentials");
  const password = await shown.locator('code').last().innerText();
  await page.getByText('The session has ended.').first().waitFor();
  assert.equal(new URL(page.url()).pathname, '/access/users');

  // Back asks first; "Keep it open" stays on the page.
  await page.evaluate(() => history.back());
  await shown.getByText('Close it for good?').waitFor();
  await looksRight(page, 'credentials-asked');
  await shown.getByRole('button', { name: 'Keep it open' }).click();
  await shown.getByText("Copy the password now; it won't be shown again.").waitFor();
  assert.equal(await shown.locator('code').last().innerText(), password);

  // So do Escape and the closing button, and the tab.
  await page.keyboard.press('Escape');
  await shown.getByText('Close it for good?').waitFor();
  await shown.getByRole('button', { name: 'Keep it open' }).click();
  await shown.getByRole('button', { name: 'Close', exact: true }).click();
  await shown.getByText('Close it for good?').waitFor();
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const leave = await asked;
  assert.equal(leave.type(), 'beforeunload');
  await leave.dismiss();

  await shown.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Your session has ended.').first().waitFor();
  await page.unrouteAll();
  await person.signIn(ANA, password);
  await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
  assert.notEqual(id, undefined);
});

browserStory('a password that was made while the session ended is shown before the page to sign in', async ({ page, person, api, expect }) => {
  await api.person(ANA);
  await person.arrive('/access/users', 'Users');
  await person.select(ANA);
  await person.button('Reset password').click();
  const dialog = person.dialog('Reset the password?');
  const answer = await holdPassword(page);
  await dialog.getByRole('button', { name: 'Reset' }).click();
  for (const path of ['/api/v1/users', '/api/v1/users/count', '/api/v1/users/access-rules', '/api/v1/authorization/permissions', '/api/v1/authorization/roles']) expect(401, path);
  await page.context().clearCookies({ name: 'rolecall_session' });
  // Another page of the console is read without a session.
  const refused = page.waitForResponse((response) => response.status() === 401);
  await page.evaluate(() => history.pushState(null, '', '/access/roles'));
  await refused;
  answer();
  const shown = person.dialog("The user's credentials");
  await shown.getByText(ANA).waitFor();
  await shown.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Your session has ended.').first().waitFor();
});

story('deleting oneself with others: it says so, asks for the email, comes last, and tells the result of each', async ({ page, person, api, expect }) => {
  const { account } = await api.organisation();
  await api.user(ANA);
  const ben = await api.person(BEN);
  await api.rule(BEN, 'System administrator', account);
  await person.arrive('/access/users', 'Users', ben.email, ben.password);
  await eventually(async () => (await person.users()).length, 3);
  await person.select(BEN, ANA);
  await person.button('Delete').click();
  const dialog = person.dialog('Delete 2 users?');
  await dialog.getByText('This is you').waitFor();
  await looksRight(page, 'delete-oneself');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText('Type your own email.').waitFor();
  assert.equal((await api.get('/api/v1/users/count')).count, 3);
  await dialog.getByLabel(`Type ${BEN} to confirm`).fill(BEN);
  for (const path of ['/api/v1/users', '/api/v1/users/count', '/api/v1/users/access-rules', '/api/v1/authorization/permissions']) expect(401, path);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  const results = person.dialog('2 of 2 users deleted');
  await results.getByText(`Deleted: ${BEN}`).waitFor();
  assert.deepEqual(await results.getByRole('listitem').allInnerTexts(), [`Deleted: ${ANA}`, `Deleted: ${BEN}`]);
  await results.getByRole('button', { name: 'Close' }).last().click();
  // There is nothing to go on with.
  await page.getByText('Your user was deleted').first().waitFor();
  assert.equal(await page.getByText('continue where you were').count(), 0);
  assert.deepEqual([...new URL(page.url()).searchParams], [['ended', 'deleted']]);
  await looksRight(page, 'deleted-oneself');
  assert.equal((await api.get('/api/v1/users/count')).count, 1);
});

browserStory('deleting oneself when the answer is lost: the end of the session says it', async ({ page, person, api, expect }) => {
  const { account } = await api.organisation();
  const ben = await api.person(BEN);
  await api.rule(BEN, 'System administrator', account);
  await person.arrive(`/access/users?dialog=delete:${ben.id}`, 'Users', ben.email, ben.password);
  const dialog = person.dialog(`Delete ${BEN}?`);
  await dialog.getByLabel(`Type ${BEN} to confirm`).fill(BEN);
  await page.route(
    (url) => url.pathname === `/api/v1/users/${ben.id}`,
    async (route) => {
      if (route.request().method() !== 'DELETE') return route.fallback();
      await route.fetch();
      return route.abort('connectionreset');
    },
    { times: 2 },
  );
  expect(401);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Your user was deleted').first().waitFor();
});

browserStory('when another person signs in in one tab, no other tab goes on as the person before', async ({ page, context, person, api, Person }) => {
  const { email, password } = await api.person('ana@example.com');
  await person.arrive('/me/access', 'My access');
  const account = (who) => who.page.getByRole('button', { name: /^Account of/ });
  const other = new Person(await context.newPage());
  await other.page.goto('/me/access');
  await account(other).click();
  await other.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await other.signIn(email, password);
  for (const tab of [other, person]) await tab.page.getByRole('button', { name: `Account of ${email}` }).waitFor();
});

browserStory('a password that is on its way when another person signs in elsewhere is shown first', async ({ page, context, person, api, Person, expect }) => {
  const dora = await api.person(DORA);
  await api.person(ANA);
  await person.arrive('/access/users', 'Users');
  await person.select(ANA);
  await person.button('Reset password').click();
  const answer = await holdPassword(page);
  await person.dialog('Reset the password?').getByRole('button', { name: 'Reset' }).click();
  await person.dialog('Reset the password?').getByText('Reset: under way').first().waitFor({ state: 'attached' });
  const other = new Person(await context.newPage());
  await other.page.goto('/me/access');
  await other.page.getByRole('button', { name: /^Account of/ }).click();
  await other.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await other.signIn(dora.email, dora.password);
  await other.page.getByRole('button', { name: `Account of ${DORA}` }).waitFor();
  // The page asks for its list, which the other person may not read.
  for (const path of ['/api/v1/users', '/api/v1/users/count']) expect(403, path);
  answer();
  const shown = person.dialog("The user's credentials");
  await shown.getByText(ANA).waitFor();
  // Done asks nothing, and the page is the other person's.
  page.on('dialog', (asked) => assert.fail(`the browser asks: ${asked.type()}`));
  await shown.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: `Account of ${DORA}` }).waitFor();
});

browserStory('disabling oneself asks for the email; the last administrator is told at once that they cannot', async ({ page, person, api, expect }) => {
  const id = await idOf(api, ADMINISTRATOR);
  await person.arrive(`/access/users?dialog=disable:${id}`, 'Users');
  for (const verb of ['Disable', 'Delete']) {
    await page.goto(`/access/users?dialog=${verb.toLowerCase()}:${id}`);
    const dialog = person.dialog(`${verb} ${ADMINISTRATOR}?`);
    await dialog.getByText('This is not possible').waitFor();
    await dialog.getByText(/lock everyone out/).waitFor();
    assert.equal(await dialog.getByRole('textbox').count(), 0);
    assert.equal(await dialog.getByRole('button', { name: verb }).isDisabled(), true);
    await looksRight(page, `${verb.toLowerCase()}-last-administrator`);
  }

  const ben = await api.person(BEN);
  await api.rule(BEN, 'System administrator', (await api.organisation()).account);
  await page.goto(`/access/users?dialog=disable:${id}`);
  const dialog = person.dialog(`Disable ${ADMINISTRATOR}?`);
  await dialog.getByText('This is you').waitFor();
  await dialog.getByLabel(`Type ${ADMINISTRATOR} to confirm`).waitFor();
  assert.equal(await dialog.getByText('This is not possible').count(), 0);
  await looksRight(page, 'disable-oneself');
  assert.notEqual(ben.id, id);
  for (const path of ['/api/v1/users', '/api/v1/users/count', '/api/v1/users/access-rules', '/api/v1/authorization/permissions']) expect(401, path);
  await dialog.getByLabel(`Type ${ADMINISTRATOR} to confirm`).fill(ADMINISTRATOR);
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await person.dialog('User disabled').getByRole('button', { name: 'Close' }).last().click();
  await page.getByText('Your user was disabled').first().waitFor();
  assert.deepEqual([...new URL(page.url()).searchParams], [['ended', 'disabled']]);
});

story('signing oneself out everywhere says that it is oneself and what follows, and nothing has to be typed', async ({ page, person, api, expect }) => {
  const id = await idOf(api, ADMINISTRATOR);
  await api.user(ANA);
  await person.arrive(`/access/users?dialog=log-out:${id}`, 'Users');
  const dialog = person.dialog(`Sign out ${ADMINISTRATOR} everywhere?`);
  await dialog.getByText('This is you').waitFor();
  await dialog.getByText('You are signed out here, too, and everywhere else. You can sign in again at once.').waitFor();
  assert.equal(await dialog.getByRole('textbox').count(), 0);
  await looksRight(page, 'sign-out-oneself');
  // Of others nothing of that kind is said.
  await page.goto(`/access/users?dialog=log-out:${await idOf(api, ANA)}`);
  await person.dialog(`Sign out ${ANA} everywhere?`).waitFor();
  assert.equal(await page.getByText('This is you').count(), 0);

  await page.goto(`/access/users?dialog=log-out:${id}`);
  for (const path of ['/api/v1/users', '/api/v1/users/count', '/api/v1/users/access-rules', '/api/v1/authorization/permissions']) expect(401, path);
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
  const results = person.dialog('User signed out everywhere');
  await results.getByText(`Signed out everywhere: ${ADMINISTRATOR}`).waitFor();
  await results.getByRole('button', { name: 'Close' }).last().click();
  await page.getByText('Your session has ended.').first().waitFor();
});

story("one's own rule among others: said beforehand, deleted last, with the result of each", async ({ page, person, api, expect }) => {
  const dora = await api.person(DORA);
  const { research, vision } = await api.organisation();
  const own = await api.rule(DORA, 'Department administrator', research);
  const others = [await api.rule(ANA, 'Viewer', vision), await api.rule(BEN, 'Viewer', research)];
  // Theirs first, as the list may have it.
  await person.arrive(`/access/rules?dialog=delete:${[own, ...others].map(({ id }) => id).join(',')}`, 'Access rules', dora.email, dora.password);
  const dialog = person.dialog('Delete 3 access rules?');
  await dialog.getByText('You lose Department administrator in research. Your own rules are deleted last.').waitFor();
  assert.equal(await dialog.getByText('Cannot be deleted').count(), 0);
  await looksRight(page, 'delete-own-rule');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText('Type your own email.').waitFor();
  await dialog.getByLabel(`Type ${DORA} to confirm`).fill(DORA.toUpperCase());
  for (const path of ['/api/v1/users', '/api/v1/users/count']) expect(403, path);
  // Someone without a rule does not see the account.
  expect(404, '/api/v1/authorization/permissions');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  const results = person.dialog('3 of 3 access rules deleted');
  await results.getByText(`Deleted: Department administrator in research from ${DORA}`).waitFor();
  await looksRight(page, 'own-rule-deleted');
  await results.getByRole('button', { name: 'Close' }).last().click();
  for (const email of [ANA, BEN, DORA]) assert.deepEqual(await api.rulesOf(email), []);
});

story("deleting a scope that holds one's own rule: it says so, asks for the email, and tells the result", async ({ page, person, api }) => {
  const { vision, research } = await api.organisation();
  const dora = await api.person(DORA);
  await api.rule(DORA, 'Department administrator', research);
  await api.rule(DORA, 'Viewer', vision);
  await api.rule(ANA, 'Viewer', vision);
  await person.arrive(`/organisation/scopes?scope=project:${vision.scopeId}&dialog=delete`, 'Organization', dora.email, dora.password);
  const dialog = person.dialog('Delete vision?');
  await dialog.getByText('This is you').waitFor();
  await dialog.getByText('You lose Viewer in vision. This cannot be undone.').waitFor();
  await looksRight(page, 'delete-own-scope');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText('Type your own email.').waitFor();
  assert.equal((await api.get('/api/v1/org-unit/projects/count')).count, 1);
  await dialog.getByLabel(`Type ${DORA} to confirm`).fill(DORA);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  const results = person.dialog('Project deleted');
  await results.getByText('Deleted: vision').waitFor();
  await results.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('heading', { name: 'research', level: 2 }).waitFor();
  assert.equal((await api.get('/api/v1/org-unit/projects/count')).count, 0);

  // With a cluster goes its default department, and one's own rule there.
  const { uuid } = await api.post('/api/v1/clusters', { name: 'lisbon' });
  const { departments } = await api.get(`/api/v1/org-unit/departments?filterBy=clusterId==${uuid}`);
  await api.rule(ADMINISTRATOR, 'Viewer', { scopeType: 'department', scopeId: departments[0].id });
  await page.context().clearCookies();
  await person.arrive(`/organisation/scopes?scope=cluster:${uuid}&dialog=delete`, 'Organization');
  const whole = person.dialog('Delete lisbon?');
  await whole.getByText(`You lose Viewer in ${departments[0].name}. This cannot be undone.`).waitFor();
  await whole.getByLabel(`Type ${ADMINISTRATOR} to confirm`).waitFor();

  // Where nothing of one's own is, nothing has to be typed.
  await page.goto(`/organisation/scopes?scope=department:${research.scopeId}&dialog=delete`);
  const other = person.dialog('Delete research?');
  await other.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('research was deleted.').first().waitFor();
});
