// Access, Roles: what a role permits, and who has it where.
import assert from 'node:assert/strict';
import { looksRight, story } from './browser.js';

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
  await api.post('/api/v1/clusters', { name: 'berlin' });
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
  await looksRight(page, 'new-role');
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

  // Somebody else was quicker.
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
  await page.getByRole('link', { name: VIEWER, exact: true }).click();
  await page.getByRole('heading', { name: VIEWER, level: 1 }).waitFor();
  await page.getByRole('treegrid', { name: 'What it permits' }).waitFor();
  for (const name of ['Edit', 'Copy', 'Disable', 'Delete']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
  await page.goto('/access/roles/custom/new');
  await page.getByText('You need permission to create roles in the account.').waitFor();
});
