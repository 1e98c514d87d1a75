// What goes wrong between a browser and a server: each time a clear end, nothing lost and nothing done twice.
import assert from 'node:assert/strict';
import { browserStory, eventually, looksRight, story } from './browser.js';
import { ADMINISTRATOR } from './server.js';

const ANA = 'ana@example.com';
const BEN = 'ben@example.com';

/** Holds requests back until they are let go, and counts them. */
async function hold(page, path, method) {
  const held = { count: 0 };
  const gate = new Promise((resolve) => (held.letGo = resolve));
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      if (route.request().method() !== method) return route.fallback();
      held.count += 1;
      await gate;
      return route.continue();
    },
  );
  return held;
}

story('two tabs delete the same user: the second reads that the user is gone', async ({ page, context, person, api, Person, expect }) => {
  const { id } = await api.user(ANA);
  await person.arrive('/access/users', 'Users');
  const other = new Person(await context.newPage());
  await other.page.goto('/access/users');
  for (const tab of [person, other]) {
    await tab.select(ANA);
    await tab.button('Delete').click();
    await tab.dialog(`Delete ${ANA}?`).getByText('Access rules of this user: none.').waitFor();
  }
  await person.dialog(`Delete ${ANA}?`).getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`${ANA} was deleted.`).first().waitFor();

  expect(404, `/api/v1/users/${id}`);
  const late = other.dialog(`Delete ${ANA}?`);
  await late.getByRole('button', { name: 'Delete' }).click();
  await late.getByRole('button', { name: 'Details' }).waitFor();
  await late.getByRole('button', { name: 'Cancel' }).click();
  await eventually(() => other.users(), [ADMINISTRATOR]);

  // Of several the one who is gone is told by name, as the list had them.
  const gone = await api.user(ANA);
  await api.user(BEN);
  await person.button('Reload the users').click();
  await eventually(async () => (await person.users()).length, 3);
  await api.remove(`/api/v1/users/${gone.id}`);
  expect(404, `/api/v1/users/${gone.id}`);
  await person.select(ANA, BEN);
  await person.button('Delete').click();
  await person.dialog('Delete 2 users?').getByRole('button', { name: 'Delete' }).click();
  await person.dialog('1 of 2 users deleted').getByText(`Not deleted: ${ANA}`).waitFor();
});

story('two tabs delete the same rule: the second reads that it is gone', async ({ page, context, person, api, Person, expect }) => {
  const { id } = await api.rule(ANA, 'Viewer', (await api.organisation()).research);
  await person.arrive('/access/rules?search=ana', 'Access rules');
  const other = new Person(await context.newPage());
  await other.page.goto(`/access/rules?search=ana&dialog=delete:${id}`);
  const late = other.dialog('Delete the access rule?');
  await late.getByText(`Viewer in research from ${ANA}`).waitFor();
  await person.select(`${ANA} has Viewer in research`);
  await person.button('Delete').click();
  await person.dialog('Delete the access rule?').getByText(`Viewer in research from ${ANA}`).waitFor();
  await person.dialog('Delete the access rule?').getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`Removed Viewer in research from ${ANA}.`).first().waitFor();

  expect(404, `/api/v1/authorization/access-rules/${id}`);
  await late.getByRole('button', { name: 'Delete' }).click();
  await late.getByRole('button', { name: 'Details' }).waitFor();
  await late.getByRole('button', { name: 'Cancel' }).click();
  await other.page.getByText('No access rules match.').first().waitFor();
});

story('one tab deletes the project that the other edits: it is said, and the rest of the tree can be used', async ({ page, person, context, api, Person, expect }) => {
  const { vision } = await api.organisation();
  const address = `/organisation/scopes?scope=project%3A${vision.scopeId}`;
  await person.arrive(`${address}&dialog=edit`, 'Organization');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('sight');
  const other = new Person(await context.newPage());
  await other.page.goto(`${address}&dialog=delete`);
  await other.dialog('Delete vision?').getByRole('button', { name: 'Delete' }).click();
  await other.page.getByText('vision was deleted.').first().waitFor();

  for (const path of [`/api/v1/org-unit/projects/${vision.scopeId}`, '/api/v1/authorization/permissions', '/api/v1/authorization/access-rules']) expect(404, path);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('The project vision was deleted meanwhile. Nothing was saved; what you typed is still here.').waitFor();
  assert.equal(await dialog.getByLabel('Name').inputValue(), 'sight');
  await looksRight(page, 'organisation-gone-meanwhile');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('The scope cannot be shown').first().waitFor();
  await page.getByText(`There is no project ${vision.scopeId}.`).first().waitFor();
  await looksRight(page, 'organisation-gone');
  await page.getByRole('treegrid', { name: 'Scopes' }).getByRole('link', { name: 'research' }).click();
  await page.getByRole('heading', { name: 'research', level: 2 }).waitFor();
});

story('a session that ends during a dialog: one signs in again, and what was typed is there', async ({ page, person, context, api, expect, quiet }) => {
  await api.organisation();
  await person.arrive('/access/rules', 'Access rules');
  await person.button('New access rule').click();
  await page.getByRole('dialog').getByLabel('Emails').fill(ANA);
  await person.chooseScopes('research');
  await person.choose('Role', 'Viewer');
  // It is to be the rule that finds out, and nothing that the dialog still reads.
  await quiet();
  // What the dialog shows may be read once more before it is gone.
  expect(401);
  await context.clearCookies({ name: 'rolecall_session' });
  await person.button('Save rule').click();
  await page.getByText('Your session has ended.').first().waitFor();
  await looksRight(page, 'sign-in-again');
  assert.deepEqual(await api.rulesOf(ANA), []);

  await person.signIn();
  const dialog = person.dialog('New access rule');
  await dialog.waitFor();
  assert.equal(await dialog.getByLabel('Emails').inputValue(), ANA);
  await dialog.getByRole('button', { name: /^Role Viewer/ }).waitFor();
  await person.button('Save rule').click();
  await page.getByText(`${ANA} has Viewer in research.`).first().waitFor();
  assert.deepEqual(await api.rulesOf(ANA), ['Viewer in research']);
});

browserStory('what one person typed is not there for the next one', async ({ page, person, context, api, expect, quiet }) => {
  const ben = await api.person(BEN);
  await api.rule(BEN, 'System administrator', (await api.organisation()).account);
  await person.arrive('/access/users?dialog=new-user', 'Users');
  await page.getByRole('dialog').getByLabel('Email').fill(ANA);
  for (const path of ['/api/v1/users', '/api/v1/users/count', '/api/v1/authorization/permissions', '/api/v1/users/access-rules']) expect(401, path);
  await quiet();
  await context.clearCookies({ name: 'rolecall_session' });
  await person.button('Create').click();
  await page.getByText('Your session has ended.').first().waitFor();
  await person.signIn(ben.email, ben.password);
  await page.getByRole('dialog').getByLabel('Email').waitFor();
  assert.equal(await page.getByRole('dialog').getByLabel('Email').inputValue(), '');
});

story('a server that restarts during a dialog: it is said, and saved once it is back', async ({ page, person, api, server }) => {
  await api.organisation();
  await person.arrive('/access/users?dialog=new-user', 'Users');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Email').fill(ANA);
  await server.down();
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('The server does not answer.').first().waitFor();
  assert.equal(await dialog.getByLabel('Email').inputValue(), ANA);
  await looksRight(page, 'server-away');
  await server.up();
  await dialog.getByRole('button', { name: 'Create' }).click();
  await person.button('Done').click();
  await page.getByText(`${ANA} created.`).first().waitFor();
  await eventually(() => person.users(), [ADMINISTRATOR, ANA].sort());
});

story('an answer that is lost: the list shows that it was done, and doing it again is refused', async ({ page, person, api, expect }) => {
  await person.arrive('/access/users', 'Users');
  await person.button('New local user').click();
  await page.route(
    (url) => url.pathname === '/api/v1/users',
    async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      await route.fetch();
      return route.abort('connectionreset');
    },
    { times: 1 },
  );
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Email').fill(ANA);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('It may have been done.').first().waitFor();
  await eventually(() => person.users(), [ADMINISTRATOR, ANA].sort());
  expect(409, '/api/v1/users');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText(`A user ${ANA} already exists.`).waitFor();
  assert.equal((await api.get('/api/v1/users/count')).count, 2);
});

story('a slow server: progress is shown, a double click does it once, and the dialog waits for what comes of it', async ({ page, person, api }) => {
  await api.organisation();
  await person.arrive('/access/users', 'Users');
  await person.button('New local user').click();
  const dialog = page.getByRole('dialog');
  const held = await hold(page, '/api/v1/users', 'POST');
  await dialog.getByLabel('Email').fill(ANA);
  await dialog.getByRole('button', { name: 'Create' }).dblclick();
  await dialog.getByLabel('Email').press('Enter');
  await dialog.getByText('Create: under way').first().waitFor({ state: 'attached' });
  await looksRight(page, 'under-way');
  // Escape is a slip: the temporary password is on its way, and shown once.
  await page.keyboard.press('Escape');
  held.letGo();
  await person.button('Done').click();
  await page.getByText(`${ANA} created.`).first().waitFor();
  // Back does not lead to the dialog that is done.
  await page.goBack();
  assert.equal(await page.getByRole('dialog').count(), 0);
  assert.equal(held.count, 1);
  assert.equal((await api.get('/api/v1/users/count')).count, 2);
});

browserStory('a server that never answers: Cancel is a way out, and says what one does not know', async ({ page, person, api }) => {
  await api.user(ANA);
  await person.arrive('/access/users', 'Users');
  await person.select(ANA);
  await person.button('Account').click();
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  const dialog = person.dialog(`Disable ${ANA}?`);
  const { id } = (await api.get('/api/v1/users?search=ana'))[0];
  await page.route(`**/api/v1/users/${id}/disable`, async (route) => {
    // It is done, and the answer never comes.
    await route.fetch();
  });
  const ended = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/disable'));
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await eventually(async () => (await api.get(`/api/v1/users/${id}`)).enabled, false);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await ended;
  await page.getByText('Disable: canceled before the server answered').first().waitFor();
  await page.getByText('It may have been done.').first().waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.getByRole('row', { name: new RegExp(ANA) }).getByText('Disabled', { exact: true }).waitFor();
  await looksRight(page, 'canceled');
});

browserStory('a slow list: the page before stays, and one sees that another comes', async ({ page, person, api }) => {
  await api.user(ANA);
  await person.arrive('/access/users', 'Users');
  await eventually(async () => (await person.users()).length, 2);
  const held = await hold(page, '/api/v1/users/export', 'GET');
  await person.enter('ana');
  const refresh = page.getByRole('button', { name: 'Reload the users' });
  await eventually(() => refresh.getAttribute('aria-disabled'), 'true');
  // Nothing is blocked: what is there can be used, and one can leave.
  assert.equal((await person.users()).length, 2);
  await page.getByRole('link', { name: 'Roles', exact: true }).click();
  await page.getByRole('heading', { name: /^Roles/ }).waitFor();
  await page.goBack();
  held.letGo();
  await eventually(() => person.users(), [ANA]);
});

browserStory('no network: it is said at once, and not done later by itself', async ({ page, person, context, api }) => {
  await person.arrive('/access/users?dialog=new-user', 'Users');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Email').fill(ANA);
  await context.setOffline(true);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('The server does not answer.').first().waitFor();
  await context.setOffline(false);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.reload();
  await eventually(() => person.users(), [ADMINISTRATOR]);
  assert.equal((await api.get('/api/v1/users/count')).count, 1);
});

browserStory('a sign-in that is refused for a while: in words, with a countdown, and then one gets in', async ({ page, person, expect }) => {
  const limited = { status: 429, headers: { 'retry-after': '30', 'x-request-id': 'limited-1' }, json: { code: 429, message: 'too many attempts' } };
  expect(429, '/api/v1/session');
  await page.clock.install();
  await page.goto('/');
  await page.route((url) => url.pathname === '/api/v1/session', (route) => route.fulfill(limited), { times: 1 });
  await person.signIn();
  await page.getByText('Too many attempts.').first().waitFor();
  await page.getByText(/Try again in \d+ s\./).first().waitFor();
  await person.button('Details').click();
  await page.getByText('Request limited-1').first().waitFor();
  await looksRight(page, 'sign-in-limited');
  await page.clock.fastForward('00:31');
  await page.getByText('Try again now.').first().waitFor();
  await person.signIn();
  await page.getByRole('heading', { name: /^Users/ }).waitFor();
});

browserStory('a server that is busy says when to try again, and the list comes by itself', async ({ page, person, expect }) => {
  const busy = { status: 503, headers: { 'retry-after': '2', 'x-request-id': 'busy-1' }, json: { code: 503, message: 'the database does not answer' } };
  expect(503, '/api/v1/users');
  await page.route((url) => url.pathname === '/api/v1/users', (route) => (route.request().method() === 'GET' ? route.fulfill(busy) : route.fallback()), { times: 3 });
  await person.arrive('/access/users', 'Users');
  const said = page.getByText('The database does not answer.').first();
  await said.waitFor();
  await page.getByText(/Try again (in \d+ s|now)\./).first().waitFor();
  await person.button('Details').click();
  await page.getByText('Request busy-1').first().waitFor();
  await looksRight(page, 'list-failed');
  await page.getByRole('button', { name: 'Try again' }).click();
  await eventually(() => person.users(), [ADMINISTRATOR]);
});

browserStory('columns that are left out are remembered', async ({ page, person }) => {
  await person.arrive('/access/users', 'Users');
  await page.getByRole('button', { name: 'Columns' }).click();
  const dialog = person.dialog('Columns and rows');
  await dialog.getByRole('checkbox', { name: 'Last login' }).or(dialog.getByRole('switch', { name: 'Last login' })).first().click({ force: true });
  await looksRight(page, 'preferences');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  const shown = () => page.getByRole('columnheader', { name: 'Last login' }).count();
  await eventually(shown, 0);
  await page.reload();
  await page.getByRole('columnheader', { name: 'Type', exact: true }).waitFor();
  assert.equal(await shown(), 0);
});

browserStory('a download that is cancelled leaves nothing, and another can begin', async ({ page, person, api }) => {
  await api.user(ANA);
  await person.arrive('/access/users', 'Users');
  const held = await hold(page, '/api/v1/users/export', 'GET');
  const downloads = [];
  page.on('download', (download) => downloads.push(download));
  const start = async () => {
    await person.button('More').click();
    await page.getByRole('menuitem', { name: /^Download as CSV/ }).click();
  };
  await start();
  await page.getByText('Downloading users').first().waitFor();
  await looksRight(page, 'downloading');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Downloading users').first().waitFor({ state: 'detached' });
  held.letGo();
  await start();
  await page.getByText('Downloaded users.csv.').first().waitFor();
  assert.equal(downloads.length, 1);
});

browserStory('a dialog that is still reading what it is about shows that it waits, and then does what it says', async ({ page, person, api }) => {
  const users = [await api.user(ANA), await api.user(BEN)];
  const { research } = await api.organisation();
  const rule = await api.rule(ANA, 'Viewer', research);
  await person.arrive('/access/users', 'Users');
  for (const { path, reads, title, submit, told } of [
    { path: `/access/rules?dialog=delete:${rule.id}`, reads: `/api/v1/authorization/access-rules/${rule.id}`, title: 'Delete the access rule?', submit: 'Delete', told: /^(Deleted|Removed)/ },
    { path: `/access/users?dialog=delete:${users.map(({ id }) => id).join(',')}`, reads: `/api/v1/users/${users[1].id}`, title: 'Delete 2 users?', submit: 'Delete', told: '2 users were deleted.' },
  ]) {
    const held = await hold(page, reads, 'GET');
    await page.goto(path);
    const button = person.dialog(title).getByRole('button', { name: submit });
    await button.focus();
    assert.equal(await button.isEnabled(), false, title);
    await page.keyboard.press('Enter');
    await person.dialog(title).getByText('Loading').first().waitFor({ state: 'attached' });
    held.letGo();
    // The focus stays, and the same key does it as soon as it can.
    await eventually(() => button.isEnabled(), true);
    assert.equal(await button.evaluate((button) => button === document.activeElement), true);
    await page.keyboard.press('Enter');
    await page.getByText(told).first().waitFor();
    await page.unrouteAll();
  }
  assert.equal((await api.get('/api/v1/users/count')).count, 1);
});
