// Addresses that lead nowhere: an id that is none, a scope that is not there or not to be seen, a page beyond the last one. Each says
// so, and nothing else is shown in its place.
import assert from 'node:assert/strict';
import { browserStory, eventually, looksRight } from './browser.js';
import { ADMINISTRATOR } from './server.js';

const ANA = 'ana@example.com';
const NOWHERE = 'project:999999';

const check = (parts) => `/access/check?${new URLSearchParams(parts)}`;
const filtered = (scope) => `/access/users?${new URLSearchParams({ filterBy: `accessIn==${scope}` })}`;

browserStory('what is no id of a role, a rule or a user is answered as one that does not exist', async ({ page, person, api, expect }) => {
  expect(404, '/api/v2/authorization/roles/999999');
  expect(404, '/api/v1/authorization/access-rules/999999');
  const { id: user } = await api.user(ANA);
  await person.arrive('/access/users', 'Users');
  for (const id of ['abc', '1.5', '-1', '007', 'NaN', '99999999999', '999999']) {
    await page.goto(`/access/roles/${id}`);
    await page.getByText(`There is no role ${id}.`, { exact: true }).waitFor();
  }
  await looksRight(page, 'no-such-role');
  await person.button('Show all roles').click();
  await page.getByRole('heading', { name: /^Roles \(/ }).waitFor();

  for (const id of ['abc', '999999']) {
    for (const address of [`/access/rules?dialog=delete:${id}`, `/access/users?dialog=delete-rule:${user},${id}`]) {
      await page.goto(address);
      await page.getByText('There is no such access rule; it may have been deleted.', { exact: true }).waitFor();
    }
  }
  // Without the id of a rule there are the user's rules.
  await page.goto(`/access/users?dialog=delete-rule:${user}`);
  await person.dialog(`Access rules of ${ANA}`).waitFor();
  for (const id of ['abc', '00000000-0000-4000-8000-000000000000']) {
    await page.goto(`/access/users?dialog=rules:${id}`);
    await person.dialog('The access rules cannot be shown').getByText('There is no such user; they may have been deleted.').waitFor();
    expect(404, `/api/v1/users/${id}`);
    for (const dialog of ['delete', 'disable', 'password']) {
      await page.goto(`/access/users?dialog=${dialog}:${id}`);
      await person.dialog('The user cannot be shown').getByText('There is no such user; they may have been deleted.').waitFor();
    }
  }

  await page.goto(check({ role: '999999' }));
  await page.getByText('There is no role 999999, so all permissions are offered.').first().waitFor();
});

browserStory('a page beyond the last one is the last one', async ({ page, person, api }) => {
  const { account } = await api.organisation();
  await api.user(ANA);
  await person.arrive('/access/users?page=999999999', 'Users');
  await eventually(async () => (await person.users()).sort(), [ADMINISTRATOR, ANA]);
  await page.goto(check({ tab: 'who', can: 'workspaces:read', scope: `tenant:${account.scopeId}`, page: '999999999' }));
  await page.getByRole('heading', { name: 'Who can view workspaces in account (1)' }).waitFor();
  await eventually(() => new URL(page.url()).searchParams.get('page'), null);
  await page.goto('/me/access?page=7');
  await page.getByText('You have System administrator in account').first().waitFor();
  assert.equal(await page.getByText('You have no access rules.').count(), 0);
});

browserStory('a scope that is not there, or not to be seen, is said to be none, and the account does not stand in for it', async ({ page, person, api, expect }) => {
  const { vision, research, sales } = await api.organisation();
  const vic = await api.person('vic@example.com');
  await api.rule(vic.email, 'Department administrator', research);
  expect(404, '/api/v1/org-unit/projects/999999');
  await person.arrive('/access/users', 'Users');
  const isNone = [
    [NOWHERE, 'There is no project 999999.'],
    ['tenant:999999', 'There is no account 999999.'],
    ['nowhere', 'There is no scope “nowhere”.'],
  ];
  for (const [scope, none] of isNone) {
    await page.goto(`/organisation/scopes?${new URLSearchParams({ scope })}`);
    await page.getByText(none).waitFor();
    assert.equal(await page.getByRole('heading', { level: 2, name: 'account' }).count(), 0);
    assert.equal(await page.getByRole('radio', { checked: true }).count(), 0);
  }
  await looksRight(page, 'no-such-scope');
  await person.button('Show the account').click();
  await page.getByRole('heading', { level: 2, name: 'account' }).waitFor();

  for (const [scope, none] of isNone) {
    for (const tab of ['can', 'who', 'what']) {
      await page.goto(check({ tab, subject: `user:${ADMINISTRATOR}`, can: 'workspaces:read', scope }));
      await page.getByText(none).first().waitFor();
      if (scope === NOWHERE) await looksRight(page, `no-such-scope-${tab}`);
    }
    await page.goto(`/me/access?${new URLSearchParams({ scope })}`);
    await page.getByText(`${none} Select a scope to see what you can do there.`).first().waitFor();
  }

  await page.goto(filtered(NOWHERE));
  await page.getByText('There is no project 999999.').first().waitFor();
  await page.getByText('Has access in = project:999999').first().waitFor();
  await looksRight(page, 'filter-by-no-such-scope');
  await page.goto(filtered(`project:${vision.scopeId}`));
  await page.getByText('Has access in = vision').first().waitFor();
  assert.equal(await page.getByText('There is no').count(), 0);

  // For a department's administrator another department is none, as far as they see.
  await page.context().clearCookies();
  expect(404, `/api/v1/org-unit/departments/${sales.scopeId}`);
  await page.goto(`/organisation/scopes?scope=department:${sales.scopeId}`);
  await person.signIn(vic.email, vic.password);
  await page.getByText(`There is no department ${sales.scopeId} you can see.`).first().waitFor();
});
