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
  expect(404, '/api/v1/authorization/roles/999999');
  await page.goto('/access/roles/999999');
  await person.signIn();
  await page.getByText('The role cannot be shown').first().waitFor();
  await page.getByText('There is no role 999999.').first().waitFor();
});
