// Access, Roles: what a role permits, and who has it where.
import assert from 'node:assert/strict';
import { browserStory, eventually, looksRight, story } from './browser.js';

const VIEWER = 'Viewer';

story('a person looks up what a role permits, and who has it', async ({ page, person, api }) => {
  const roles = await api.get('/api/v1/authorization/roles');
  const viewer = roles.find(({ name }) => name === VIEWER);
  await api.user('ana@example.com');
  const { uuid: berlin } = await api.post('/api/v1/clusters', { name: 'berlin' });
  await api.rule('ana@example.com', VIEWER, { scopeType: 'cluster', scopeId: berlin });

  await page.goto('/access/roles');
  await person.signIn();
  await page.getByRole('heading', { name: `Roles (${roles.length})` }).waitFor();
  await looksRight(page, 'roles');
  await page.getByPlaceholder('Search roles').fill('view');
  await page.getByRole('link', { name: VIEWER, exact: true }).click();

  await page.getByRole('heading', { name: VIEWER, level: 1 }).waitFor();
  assert.equal(new URL(page.url()).pathname, `/access/roles/${viewer.id}`);
  const holders = page.getByRole('table', { name: 'Who has it' });
  await holders.getByRole('row', { name: /ana@example\.com/ }).getByText('berlin (cluster)').waitFor();
  const permits = page.getByRole('treegrid', { name: 'What it permits' });
  await permits.getByRole('row', { name: /Projects/ }).getByRole('img', { name: 'Yes' }).waitFor();
  await looksRight(page, 'role');

  // What it permits is searched, and the address says so.
  await page.getByPlaceholder('Search entities').fill('projects');
  await permits.getByRole('row', { name: /Departments/ }).waitFor({ state: 'detached' });
  await page.reload();
  await permits.getByRole('row', { name: /Projects/ }).waitFor();
  assert.equal(await permits.getByRole('row', { name: /Departments/ }).count(), 0);

  await page.getByRole('link', { name: 'Roles' }).first().click();
  await page.getByRole('heading', { name: `Roles (${roles.length})` }).waitFor();
});

story('what is typed in a search does not follow to the page that a link leads to', async ({ page, person }) => {
  await page.clock.install();
  let release;
  const arrives = new Promise((resolve) => (release = resolve));
  await page.route('**/assets/RolePage-*.js', async (route) => {
    await arrives;
    await route.continue();
  });
  await page.goto('/access/roles');
  await person.signIn();
  await page.getByPlaceholder('Search roles').fill('view');
  await page.getByRole('link', { name: VIEWER, exact: true }).click();
  // The pause after typing passes while the next page is on its way.
  await page.clock.runFor(2_000);
  release();
  await page.getByRole('heading', { name: VIEWER, level: 1 }).waitFor();
  assert.equal(new URL(page.url()).search, '');
  assert.equal(await page.getByPlaceholder('Search entities').inputValue(), '');
});

story('a role that does not exist is said so', async ({ page, person, expect }) => {
  expect(404, '/api/v2/authorization/roles/999999');
  await page.goto('/access/roles/999999');
  await person.signIn();
  await page.getByText('The role cannot be shown').first().waitFor();
  await page.getByText('There is no role 999999.').first().waitFor();
});

const MULTISELECT = (page) => page.getByRole('button', { name: /^Permission sets/ });

story('an administrator makes a role from permission sets, gives it, and the person may do just that', async ({ page, person, api }) => {
  const { uuid: berlin } = await api.post('/api/v1/clusters', { name: 'berlin' });
  const { id: research } = await api.post('/api/v1/org-unit/departments', { name: 'research', clusterId: berlin });
  await page.goto('/access/roles');
  await person.signIn();
  await page.getByRole('button', { name: 'New role' }).click();
  await page.getByRole('heading', { name: 'New role', level: 1 }).waitFor();
  // What is missing is said where it is missing.
  await page.getByRole('button', { name: 'Create role' }).click();
  await page.getByText('Required.').waitFor();
  await page.getByLabel('Name').fill('Project lead');
  await page.getByRole('button', { name: 'Create role' }).click();
  await page.getByText('Choose at least one permission.').waitFor();

  await MULTISELECT(page).click();
  await page.getByRole('option', { name: /^Projects: manage/ }).click();
  await page.getByRole('option', { name: /^Policies: view/ }).click();
  await page.keyboard.press('Escape');
  const picker = page.getByRole('treegrid', { name: 'Permissions' });
  await picker.getByRole('checkbox', { name: 'Delete: Projects' }).and(page.locator(':checked')).waitFor();
  await page.getByText(/^Nearest predefined role: /).waitFor();
  // The component names the button by the sets with commas between them, and shows them without.
  await looksRight(page, 'new-role', { except: ['label-content-name-mismatch'] });
  await page.getByRole('button', { name: 'Create role' }).click();
  await page.getByText('Project lead was created.').first().waitFor();
  await page.getByRole('heading', { name: 'Project lead', level: 1 }).waitFor();
  await page.getByText('Projects: manage, Policies: view').waitFor();
  await looksRight(page, 'custom-role');

  const [role] = (await api.get('/api/v1/authorization/roles')).filter(({ custom }) => custom);
  assert.deepEqual(role.permissions.map(({ resourceType, actions }) => [resourceType, actions]), [
    ['project', ['create', 'read', 'update', 'delete']],
    ['policies', ['read']],
  ]);
  await page.goto('/access/roles');
  await page.getByRole('row', { name: /Project lead/ }).getByText('Custom').waitFor();

  // Given as any other role, it permits that and nothing else.
  const ana = await api.person('ana@example.com');
  await page.goto('/access/rules?dialog=new');
  await page.getByRole('dialog').getByLabel('Emails').fill(ana.email);
  await person.chooseScopes('berlin');
  await person.choose('Role', 'Project lead');
  await person.button('Save rule').click();
  await page.getByText(`${ana.email} has Project lead in berlin.`).first().waitFor();
  const does = await asPerson(api, ana);
  const { parentId } = await does('POST', '/api/v1/org-unit/projects', { name: 'vision', clusterId: berlin, parentId: research }, 201);
  assert.equal(parentId, research);
  await does('GET', '/api/v1/org-unit/projects', undefined, 200);
  await does('POST', '/api/v1/org-unit/departments', { name: 'sales', clusterId: berlin }, 403);
  await does('POST', '/api/v1/users', { email: 'ben@example.com' }, 403);
});

/** Calls the API as that person; fails when the answer has another status. */
async function asPerson(api, { email, password }) {
  const call = async (method, path, body, status, token) => {
    const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
    const answer = await fetch(api.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    assert.equal(answer.status, status, `${method} ${path}: ${text}`);
    return JSON.parse(text);
  };
  const { accessToken } = await call('POST', '/api/v1/token', { grantType: 'password', clientID: 'cli', username: email, password }, 200);
  return (method, path, body, status) => call(method, path, body, status, accessToken);
}

browserStory('a new role starts from another one, and groups are ticked at once', async ({ page, person }) => {
  await page.goto('/access/roles');
  await person.signIn();
  // Custom roles are found among the others.
  await page.getByText('Custom', { exact: true }).click();
  await page.getByText('No custom roles yet.').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('filterBy'), 'custom==true');
  await page.getByRole('button', { name: 'New role' }).click();
  await page.getByLabel('Name').fill('Auditor');
  await page.getByRole('button', { name: /^Same as a role/ }).click();
  await page.getByRole('option', { name: /^Viewer/ }).click();
  await page.getByText('It permits the same as Viewer.').waitFor();
  const picker = page.getByRole('treegrid', { name: 'Permissions' });
  const box = (name) => picker.getByRole('checkbox', { name, exact: true });
  // Nothing moves under the pointer, neither when sets are left nor when the summary grows.
  await page.getByRole('button', { name: /^Permission sets/ }).click();
  await page.getByRole('option', { name: /^Projects: view/ }).click();
  await page.keyboard.press('Escape');
  await box('View: all of Access').hover();
  const before = await box('View: all of Access').boundingBox();
  await box('View: all of Access').click();
  await page.getByText(/^View: Users, Applications/).waitFor();
  assert.deepEqual(await box('View: all of Access').boundingBox(), before);
  for (const name of ['View: Users', 'View: Roles']) await box(name).and(page.locator(':checked')).waitFor();
  await box('View: Users').click();
  await eventually(() => box('View: all of Access').evaluate(({ indeterminate }) => indeterminate), true);
  await page.setViewportSize({ width: 390, height: 844 });
  await looksRight(page, 'new-role-ticked', { widths: [390, 1440] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'Create role' }).click();
  await page.getByRole('heading', { name: 'Auditor', level: 1 }).waitFor();
  await page.getByText('None: chosen one by one').waitFor();
});

browserStory('leaving the form is a way out of a server that does not answer', async ({ page, person }) => {
  await page.route('**/api/v2/authorization/roles', () => undefined);
  await person.arrive('/access/roles', 'Roles');
  await person.button('New role').click();
  await page.getByLabel('Name').fill('Auditor');
  await page.getByRole('checkbox', { name: 'View: Users' }).click();
  await Promise.all([page.waitForRequest('**/api/v2/authorization/roles'), person.button('Create role').click()]);
  await person.button('Cancel').click();
  await page.getByText('Save: canceled before the server answered').first().waitFor();
  await page.getByRole('heading', { name: /^Roles/ }).waitFor();
});

story('a name that is taken is said at the name, and nobody makes a role beyond their own permissions', async ({ page, person, api, expect }) => {
  const keeper = await api.post('/api/v2/authorization/roles', {
    name: 'Role keeper',
    permissions: [{ resourceType: 'tenant', actions: ['read'] }, { resourceType: 'roles', actions: ['create', 'read', 'update', 'delete'] }, { resourceType: 'project', actions: ['read'] }],
  });
  const { email, password } = await api.person('kim@example.com');
  await api.rule(email, 'Role keeper', (await api.organisation()).account);
  await page.goto(`/access/roles/${keeper.id}/copy`);
  await person.signIn(email, password);
  await page.getByText('You cannot choose permissions that you do not have in the account.').waitFor();
  const box = (name) => page.getByRole('checkbox', { name });
  assert.equal(await box(/^Delete: Projects/).isDisabled(), true);
  await page.getByRole('button', { name: /^Permission sets/ }).click();
  assert.equal(await page.getByRole('option', { name: /^Projects: manage/ }).getAttribute('aria-disabled'), 'true');
  await looksRight(page, 'new-role-beyond', { widths: [1440] });
  await page.keyboard.press('Escape');

  // More than they have is said before it is sent.
  await page.getByRole('button', { name: /^Same as a role/ }).click();
  await page.getByRole('option', { name: /^Viewer/ }).click();
  await page.getByText('You do not have all of these permissions in the account').waitFor();
  await page.getByRole('button', { name: 'Remove them' }).click();
  await page.getByText('You do not have all of these permissions in the account').waitFor({ state: 'detached' });

  expect(409, '/api/v2/authorization/roles');
  await page.getByLabel('Name').fill('viewer');
  await page.getByRole('button', { name: 'Create role' }).click();
  await page.getByText(/is taken|already/).first().waitFor();
  await eventually(() => page.getByLabel('Name').evaluate((field) => field === document.activeElement), true);
  await page.getByLabel('Name').fill('Onlooker');
  await page.getByRole('button', { name: 'Create role' }).click();
  await page.getByRole('heading', { name: 'Onlooker', level: 1 }).waitFor();
});

story('a role is copied and changed, with who gains and who loses before it is saved', async ({ page, person, api, expect }) => {
  const { uuid: berlin } = await api.post('/api/v1/clusters', { name: 'berlin' });
  await page.goto('/access/roles');
  await person.signIn();
  await page.getByRole('link', { name: VIEWER, exact: true }).click();
  // A predefined role is copied, and not changed.
  await page.getByRole('button', { name: 'Copy' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Edit' }).count() + (await page.getByRole('button', { name: 'Delete' }).count()), 0);
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByText('It permits the same as Viewer').waitFor();
  await page.getByLabel('Name').fill('Watcher');
  await page.getByRole('checkbox', { name: 'View: Users' }).click();
  await page.getByRole('button', { name: 'Create role' }).click();
  await page.getByRole('heading', { name: 'Watcher', level: 1 }).waitFor();
  await api.user('ana@example.com');
  await api.rule('ana@example.com', 'Watcher', { scopeType: 'cluster', scopeId: berlin });

  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByText('The role permits the same as before.').waitFor();
  await page.getByRole('checkbox', { name: 'Create: Projects' }).click();
  await page.getByRole('checkbox', { name: 'View: Projects' }).click();
  const preview = page.getByRole('region', { name: 'Who gains and who loses permissions' });
  await preview.getByText('1 subject gains permissions, 1 subject loses.').waitFor();
  await preview.getByText('ana@example.com').waitFor();
  await preview.getByText('Create: Projects').waitFor();
  await looksRight(page, 'edit-role');

  // Another user was quicker.
  const [role] = (await api.get('/api/v1/authorization/roles')).filter(({ custom }) => custom);
  await api.post(`/api/v2/authorization/roles/${role.id}/disable`, {});
  expect(412, `/api/v2/authorization/roles/${role.id}`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Another user changed this.').waitFor();
  await page.getByRole('button', { name: 'Show it as it is now' }).click();
  await page.getByText('The role permits the same as before.').waitFor();
  await page.getByRole('checkbox', { name: 'Create: Projects' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Watcher was saved.').first().waitFor();
  await page.getByText('This role is disabled').waitFor();
});

story('a role is disabled, enabled, and deleted once no rule has it', async ({ page, person, api, expect }) => {
  const { id } = await api.post('/api/v2/authorization/roles', { name: 'Watcher', permissions: [{ resourceType: 'project', actions: ['read'] }] });
  await api.user('ana@example.com');
  await api.rule('ana@example.com', 'Watcher', { scopeType: 'tenant', scopeId: '1001' });
  await page.goto(`/access/roles/${id}`);
  await person.signIn();
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Disable' }).click();
  await dialog.getByText('1 subject loses permissions.').waitFor();
  await looksRight(page, 'disable-role');
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await page.getByText('Watcher was disabled.').first().waitFor();
  await page.getByText('This role is disabled').waitFor();
  await looksRight(page, 'disabled-role', { widths: [1440] });
  await page.goto('/access/roles?search=watcher');
  await page.getByRole('row', { name: /Watcher/ }).getByText('Disabled').waitFor();
  // It is not offered where roles are given.
  await page.goto('/access/rules?dialog=new');
  await person.chooseScopes('account');
  await dialog.getByRole('button', { name: /^Role/ }).click();
  await page.getByRole('option', { name: /^Viewer/ }).waitFor();
  assert.equal(await page.getByRole('option', { name: /^Watcher/ }).count(), 0);
  await page.goto(`/access/roles/${id}`);
  await page.getByRole('button', { name: 'Enable' }).click();
  await dialog.getByText('1 subject gains permissions.').waitFor();
  await dialog.getByRole('button', { name: 'Enable' }).click();
  await page.getByText('Watcher was enabled.').first().waitFor();

  expect(409, `/api/v2/authorization/roles/${id}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText(/1 access rule has the role/).first().waitFor();
  const { accessRules } = await api.get(`/api/v1/authorization/access-rules?roleId=${id}`);
  await api.remove(`/api/v1/authorization/access-rules/${accessRules[0].id}`);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Watcher was deleted.').first().waitFor();
  await page.getByRole('heading', { name: /^Roles/ }).waitFor();
});

story('who may not make roles is not offered it', async ({ page, person, api }) => {
  const { password } = await api.person('ana@example.com');
  const { uuid: berlin } = await api.post('/api/v1/clusters', { name: 'berlin' });
  await api.rule('ana@example.com', 'Department administrator', { scopeType: 'cluster', scopeId: berlin });
  await page.goto('/access/roles');
  await person.signIn('ana@example.com', password);
  await page.getByRole('link', { name: VIEWER, exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'New role' }).count(), 0);
  await page.getByRole('link', { name: VIEWER, exact: true }).click();
  await page.getByRole('heading', { name: VIEWER, level: 1 }).waitFor();
  await page.getByRole('treegrid', { name: 'What it permits' }).waitFor();
  for (const name of ['Edit', 'Copy', 'Disable', 'Delete']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
  await page.goto('/access/roles/custom/new');
  await page.getByText('You need permission to create roles in the account.').waitFor();
});
