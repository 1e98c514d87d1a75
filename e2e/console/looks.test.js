// How the pages look with nobody, with few and with many, and with the longest names: pictures to look at.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { browserStory, eventually, looksRight, pictures, WIDTHS } from './browser.js';
import { ADMINISTRATOR } from './server.js';

const numbered = (from, to, make) => Array.from({ length: to - from + 1 }, (_, index) => make(from + index));
const LONG_EMAIL = `${'maximiliana.konstantinopolitanska.'.repeat(3).slice(0, -1)}@${'a-department-with-a-very-long-name.'.repeat(5)}`.slice(0, 254 - 11) + 'example.com';
const LONG_NAME = 'The Institute of Research into Everything that has a Long Name '.repeat(4).slice(0, 251);
const LONG_WORD = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen'.repeat(5).slice(0, 255);

browserStory('pages with the administrator alone, with one user, with fifty, and with twenty thousand', async ({ page, person, api, server }) => {
  await person.arrive('/access/users', 'Users');
  await eventually(() => person.users(), [ADMINISTRATOR]);
  await pictures(page, 'users-0');
  for (const [path, heading, name] of [
    ['/access/rules', 'Access rules', 'access-rules-0'],
    ['/organisation/scopes', 'Organization', 'organisation-0'],
    ['/me/access', 'My access', 'my-access-0'],
  ]) {
    await page.goto(path);
    await page.getByRole('heading', { name: new RegExp(`^${heading}`), level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    await pictures(page, name);
  }
  await page.goto('/me/password');
  await page.getByRole('heading', { name: 'Password', level: 1 }).waitFor();
  await looksRight(page, 'password');
  await page.goto('/access/users?search=nobody');
  await page.getByText('No users match.').first().waitFor();
  await looksRight(page, 'users-none');
  await page.goto('/nowhere');
  await page.getByText('Page not found').first().waitFor();
  await looksRight(page, 'not-found');

  await api.user('ana@example.com');
  await page.goto('/access/users');
  await eventually(async () => (await person.users()).length, 2);
  await pictures(page, 'users-1');
  // What opens over the page.
  await person.button('Add filter').click();
  await page.getByRole('option').first().waitFor();
  await looksRight(page, 'filter-open');
  await page.getByRole('combobox', { name: 'Search users by email or name' }).fill('Creation time from ');
  await page.getByText('Days begin and end at midnight UTC.').first().waitFor();
  // While its form is open the component still names the list that it would show else.
  await looksRight(page, 'filter-by-day', { except: ['aria-valid-attr-value'] });
  await page.goto('/access/users?dialog=new-user');
  await page.getByRole('dialog').getByLabel('Email').fill('ben@example.com');
  await looksRight(page, 'new-user');
  await person.button('Create').click();
  await person.button('Done').waitFor();
  await looksRight(page, 'credentials');
  await person.button('Done').click();
  await page.getByRole('button', { name: `Account of ${ADMINISTRATOR}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
  await looksRight(page, 'account', { widths: [WIDTHS.wide] });

  await server.crowd(numbered(2, 50, (n) => ({ email: `person-${n}@example.com`, groups: ['researchers'], enabled: n % 7 > 0, lastLogin: Date.UTC(2026, 0, n) })));
  await page.goto('/access/users');
  await eventually(async () => (await person.users()).length, 50);
  await pictures(page, 'users-50');

  await server.crowd(numbered(51, 19_999, (n) => ({ email: `person-${n}@example.com` })));
  await page.goto('/access/users?page=400');
  await page.getByRole('heading', { name: 'Users (20,001)' }).waitFor();
  await eventually(async () => (await person.users()).length, 50);
  await pictures(page, 'users-20001');

  // The file has all of them.
  await person.button('More').click();
  const [file] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), page.getByRole('menuitem', { name: /^Download as CSV/ }).click()]);
  assert.equal(readFileSync(await file.path(), 'utf8').split('\r\n').length, 1 + 20_001 + 1);
});

browserStory('pages with the longest names there may be', async ({ page, person, api, server }) => {
  const { uuid: clusterId } = await api.post('/api/v1/clusters', { name: LONG_NAME });
  const { id: parentId } = await api.post('/api/v1/org-unit/departments', { name: LONG_WORD, clusterId, description: LONG_NAME });
  const { id } = await api.post('/api/v1/org-unit/projects', { name: LONG_NAME, clusterId, parentId, description: LONG_WORD });
  const { id: user } = await api.user(LONG_EMAIL);
  await server.crowd([{ email: 'sso@example.com', groups: [LONG_WORD, LONG_NAME] }]);
  const scope = { scopeType: 'project', scopeId: id };
  await api.rule(LONG_EMAIL, 'Department administrator', { scopeType: 'department', scopeId: parentId });
  await api.rule(LONG_EMAIL, 'Project administrator', scope);
  for (const group of [LONG_WORD, LONG_NAME]) await api.rule(group, 'Project administrator', scope, 'group');
  const { id: rule } = await api.rule(ADMINISTRATOR, 'Viewer', scope);
  const permissions = [{ resourceType: 'project', actions: ['read', 'update'] }];
  const { id: role } = await api.post('/api/v2/authorization/roles', { name: LONG_WORD, description: LONG_NAME, permissions });
  await api.rule(LONG_EMAIL, LONG_WORD, scope);

  await person.arrive('/access/users', 'Users');
  for (const [path, name] of [
    ['/access/users', 'long-users'],
    [`/access/users?dialog=rules:${user}`, 'long-user-rules'],
    [`/access/users?dialog=delete:${user}`, 'long-delete-user'],
    ['/access/rules', 'long-access-rules'],
    [`/access/rules?dialog=delete:${rule}`, 'long-delete-rule'],
    [`/organisation/scopes?scope=project:${id}`, 'long-organisation'],
    [`/organisation/scopes?scope=project:${id}&dialog=delete`, 'long-delete-scope'],
    ['/access/roles?filterBy=custom%3D%3Dtrue', 'long-roles'],
    [`/access/roles/${role}`, 'long-role'],
    [`/access/roles/${role}/edit`, 'long-edit-role'],
    [`/access/roles/${role}?dialog=disable`, 'long-disable-role'],
    ['/me/access', 'long-my-access'],
  ]) {
    await page.goto(path);
    await page.getByRole(path.includes('dialog=') ? 'dialog' : 'heading').first().waitFor();
    await page.waitForLoadState('networkidle');
    await pictures(page, name);
  }
  await page.setViewportSize({ width: 768, height: 900 });
  await page.goto('/access/rules?filterBy=subjectType==user');
  await page.getByRole('button', { name: LONG_NAME.slice(0, 40) }).first().click();
  await page.getByText(/ \/ /).first().waitFor();
  await pictures(page, 'long-path');
});
