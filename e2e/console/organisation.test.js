// Organisation: the tree, what one may do in it, and who has which role where.
import assert from 'node:assert/strict';
import { eventually, looksRight, story } from './browser.js';
import { ADMINISTRATOR } from './server.js';

const tree = (page) => page.getByRole('treegrid', { name: 'Scopes' });
const rules = (page) => page.getByRole('table', { name: 'Who has which role' });
const open = (page, name) => tree(page).getByRole('button', { name: `Open ${name}`, exact: true }).click();
const show = (page, name) => tree(page).or(page.getByRole('table', { name: 'Scopes' })).getByRole('link', { name, exact: true }).click();
const focusComesTo = (page, text) => eventually(() => page.evaluate(() => document.activeElement?.textContent), text);
const shown = (page, name) => page.getByRole('heading', { name, exact: true, level: 2 }).waitFor();

async function arriveAt(page, person, scope) {
  await page.goto(scope === undefined ? '/organisation/scopes' : `/organisation/scopes?scope=${encodeURIComponent(scope)}`);
  await person.signIn();
  await tree(page).waitFor();
}

story('an administrator makes a cluster, a department and a project, and says other words of it', async ({ page, person, expect }) => {
  await arriveAt(page, person);
  const make = async (below, name, description) => {
    await page.getByRole('button', { name: `New ${below}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    if (description !== undefined) await dialog.getByLabel('Description').fill(description);
    if (below === 'project') await looksRight(page, 'organisation-new');
    await dialog.getByRole('button', { name: 'Create' }).dblclick();
    await page.getByText(`${name} was created.`).first().waitFor();
    await shown(page, name);
    await focusComesTo(page, name);
    await tree(page).getByRole('radio', { name: `Show ${name}`, exact: true }).and(page.locator(':checked')).waitFor();
  };
  await make('cluster', 'berlin');
  await make('department', 'research', 'Finds things out.');
  await make('project', 'vision', 'Looks.');

  await page.getByRole('button', { name: 'Edit' }).click();
  await looksRight(page, 'organisation-edit');
  await page.getByRole('dialog').getByLabel('Name').fill('sight');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('sight was saved.').first().waitFor();
  await shown(page, 'sight');
  await tree(page).getByText('sight').waitFor();
  await looksRight(page, 'organisation');

  // A name that is taken is said at the field, and what was typed stays.
  await show(page, 'research');
  await shown(page, 'research');
  expect(409, '/api/v1/org-unit/projects');
  await page.getByRole('button', { name: 'New project' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('sight');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await page.getByRole('dialog').getByText('A project named “sight” already exists in this cluster.').waitFor();
  assert.equal(await page.getByRole('dialog').getByLabel('Name').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByRole('dialog').getByRole('button', { name: 'Details' }).count(), 0);
  assert.equal(await page.getByRole('dialog').getByLabel('Name').inputValue(), 'sight');
});

story('what someone else changed meanwhile is not overwritten unseen', async ({ page, person, api, expect }) => {
  const { uuid: clusterId } = await api.post('/api/v1/clusters', { name: 'berlin' });
  const { id } = await api.post('/api/v1/org-unit/departments', { name: 'research', clusterId });
  await arriveAt(page, person, `department:${id}`);
  await page.getByRole('button', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('mine');
  await api.put(`/api/v1/org-unit/departments/${id}`, { name: 'theirs', description: 'Taken over.' });

  expect(412, `/api/v1/org-unit/departments/${id}`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Changed by someone else').waitFor();
  await dialog.getByText('theirs', { exact: true }).waitFor();
  assert.equal(await dialog.getByLabel('Name').inputValue(), 'mine');
  assert.equal((await api.get(`/api/v1/org-unit/departments/${id}`)).name, 'theirs');
  await looksRight(page, 'organisation-overtaken');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('mine was saved.').first().waitFor();
  assert.equal((await api.get(`/api/v1/org-unit/departments/${id}`)).name, 'mine');
});

story('what has something below it is not deleted, and the reason is said', async ({ page, person, api, expect }) => {
  const { uuid: clusterId } = await api.post('/api/v1/clusters', { name: 'berlin' });
  const { id: parentId } = await api.post('/api/v1/org-unit/departments', { name: 'research', clusterId });
  const { id } = await api.post('/api/v1/org-unit/projects', { name: 'vision', clusterId, parentId });
  await arriveAt(page, person, `department:${parentId}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/and its access rules will be permanently deleted/).waitFor();
  await looksRight(page, 'organisation-delete');
  const background = await dialog.getByRole('button', { name: 'Delete' }).evaluate((one) => getComputedStyle(one).backgroundColor);
  assert.equal(background, 'rgb(185, 28, 28)');
  expect(409, `/api/v1/org-unit/departments/${parentId}`);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('button', { name: 'Details' }).waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await page.goto(`/organisation/scopes?scope=project%3A${id}&dialog=delete`);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('vision was deleted.').first().waitFor();
  await shown(page, 'research');
  await focusComesTo(page, 'research');
  await tree(page).getByText('vision', { exact: true }).waitFor({ state: 'detached' });
});

story('for a scope one sees who has which role, and where from', async ({ page, person, api }) => {
  const { uuid: clusterId } = await api.post('/api/v1/clusters', { name: 'berlin' });
  const { id: parentId } = await api.post('/api/v1/org-unit/departments', { name: 'research', clusterId });
  const { id } = await api.post('/api/v1/org-unit/projects', { name: 'vision', clusterId, parentId });
  await api.rule('ana@example.com', 'Viewer', { scopeType: 'cluster', scopeId: clusterId });
  await api.rule('ben@example.com', 'Project administrator', { scopeType: 'project', scopeId: id });
  await arriveAt(page, person);
  const account = await tree(page).getByRole('row').nth(1).innerText();
  await open(page, 'berlin');
  await open(page, 'research');
  await show(page, 'vision');
  await shown(page, 'vision');
  await rules(page).getByRole('row', { name: /ben@example\.com.*Project administrator.*Not inherited/ }).waitFor();
  await rules(page).getByRole('row', { name: /ana@example\.com.*Viewer.*berlin \(cluster\)/ }).waitFor();
  const above = rules(page).getByRole('row', { name: new RegExp(ADMINISTRATOR) });
  assert.ok((await above.innerText()).includes(account.split('\n')[0].trim()));
  assert.equal(new URL(page.url()).searchParams.get('scope'), `project:${id}`);

  // The same after a reload: the tree is open down to it.
  await page.reload();
  await tree(page).getByText('vision', { exact: true }).waitFor();
  await page.goBack();
  await rules(page).getByRole('row', { name: /ana/ }).waitFor({ state: 'detached' });

  await page.getByPlaceholder('Search by name').fill('visi');
  await show(page, 'vision');
  await shown(page, 'vision');
});

story('what one opens is read page by page', async ({ page, person, api }) => {
  const { uuid: clusterId } = await api.post('/api/v1/clusters', { name: 'berlin' });
  const names = Array.from({ length: 55 }, (_, index) => `team ${String(index).padStart(2, '0')}`);
  for (const name of names) await api.post('/api/v1/org-unit/departments', { name, clusterId });
  await arriveAt(page, person);
  await open(page, 'berlin');
  await tree(page).getByText('team 40', { exact: true }).waitFor();
  assert.equal(await tree(page).getByText('team 54', { exact: true }).count(), 0);
  await page.getByRole('button', { name: 'Show more of berlin' }).click();
  await tree(page).getByText('team 54', { exact: true }).waitFor();
  await eventually(() => page.getByRole('button', { name: 'Show more of berlin' }).count(), 0);
});

story('a department administrator is offered what they may, and sees by name only what is above', async ({ page, api }) => {
  const { uuid: clusterId } = await api.post('/api/v1/clusters', { name: 'berlin' });
  const { id } = await api.post('/api/v1/org-unit/departments', { name: 'research', clusterId });
  await api.post('/api/v1/org-unit/departments', { name: 'sales', clusterId });
  const dora = await api.person('dora@example.com');
  await api.rule(dora.email, 'Department administrator', { scopeType: 'department', scopeId: id });
  await page.goto(`/organisation/scopes?scope=department%3A${id}`);
  await page.getByLabel('Email').fill(dora.email);
  await page.getByLabel('Password', { exact: true }).fill(dora.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await shown(page, 'research');
  await page.getByRole('button', { name: 'New project' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Delete' }).count(), 0);
  assert.equal(await tree(page).getByText('sales').count(), 0);
  await page.getByText(/you see only your own access rules/).first().waitFor();
  await looksRight(page, 'organisation-partly');

  await show(page, 'berlin');
  await page.getByText('You see only its name').first().waitFor();
  assert.equal(await page.getByRole('button', { name: /^New / }).count(), 0);
  // The address of a dialog that is not offered opens none.
  await page.goto(`/organisation/scopes?scope=cluster%3A${clusterId}&dialog=delete`);
  await page.getByText('You see only its name').first().waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
});

story('a scope that is not there, or not to be seen, is said so', async ({ page, person, expect }) => {
  expect(404, '/api/v1/org-unit/projects/999999');
  await arriveAt(page, person, 'project:999999');
  await page.getByText('The scope cannot be shown').first().waitFor();
  await page.getByText('There is no project 999999.').first().waitFor();
});
