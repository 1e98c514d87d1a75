// Choosing scopes from the tree: it is read as far as someone opens it, and searched by the server.
import assert from 'node:assert/strict';
import { browserStory, eventually, looksRight } from './browser.js';

const ANA = 'ana@example.com';

browserStory('scopes are chosen from a tree that is read page by page', async ({ page, person, api }) => {
  const { cluster } = await api.organisation();
  const clusterId = cluster.scopeId;
  for (let index = 0; index < 58; index += 1) await api.post('/api/v1/org-unit/departments', { name: `group-${String(index).padStart(2, '0')}`, clusterId });
  const { id: parentId } = await api.post('/api/v1/org-unit/departments', { name: 'zoology', clusterId });
  await api.post('/api/v1/org-unit/projects', { name: 'vision-2', clusterId, parentId });
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await person.arrive('/access/rules?dialog=new', 'Access rules');
  const dialog = person.dialog('New access rule');
  const tree = dialog.getByRole('tree', { name: 'Scopes' });
  const tick = (name) => tree.getByRole('checkbox', { name: new RegExp(`^${name} `) });

  // One scope is what a rule is about: another choice replaces it. Several are asked for.
  const pick = (name) => tree.getByRole('button', { name, exact: true }).click();
  await pick('group-00');
  await dialog.getByRole('button', { name: 'Remove group-00' }).waitFor();
  await pick('group-01');
  await dialog.getByRole('button', { name: 'Remove group-01' }).waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Remove group-00' }).count(), 0);
  await dialog.getByRole('button', { name: 'Add more scopes' }).click();
  await dialog.getByRole('button', { name: 'Remove group-01' }).click();

  // The only cluster is open; what lies further down is read when someone opens it.
  await tick('group-00').waitFor();
  assert.equal(await tick('zoology').count(), 0);
  assert.ok(!asked.includes('/api/v1/org-unit/projects'));
  await tree.getByRole('button', { name: 'Show more of berlin' }).click();
  await tick('zoology').waitFor();
  assert.equal(await tree.getByRole('button', { name: 'Show more of berlin' }).count(), 0);
  await tree.getByRole('button', { name: 'Open zoology' }).click();
  await tick('vision-2').check({ force: true });
  await tree.getByRole('button', { name: 'Open sales' }).click();
  await tree.getByText('No projects', { exact: true }).waitFor();

  // What is found says where it lies.
  await dialog.getByLabel('Scope: search by name').fill('vis');
  await eventually(async () => (await tree.getByRole('treeitem').allInnerTexts()).map((text) => text.replaceAll('\n', ' | ')), [
    'vision project | berlin / research',
    'vision-2 project | berlin / zoology',
  ]);
  await tree.getByRole('treeitem').filter({ hasText: 'berlin / research' }).getByRole('checkbox').check({ force: true });
  await dialog.getByRole('button', { name: 'Remove vision', exact: true }).waitFor();
  await page.locator('[aria-live]').filter({ hasText: 'Selected: vision-2, vision.' }).first().waitFor({ state: 'attached' });
  await dialog.getByRole('button', { name: 'Remove vision-2' }).click();
  await eventually(() => tree.getByRole('checkbox', { checked: true }).count(), 1);
  await dialog.getByLabel('Scope: search by name').fill('nowhere');
  await tree.getByText('No scopes have this name').waitFor();
  await dialog.getByLabel('Scope: search by name').fill('');
  await tick('group-00').waitFor();

  // Not more than ten at once.
  for (let index = 0; index < 10; index += 1) await tick(`group-0${index}`).check({ force: true });
  await dialog.getByText('At most 10 scopes at once. Remove 1.').waitFor();
  await looksRight(page, 'many-scopes');
  await tick('group-09').uncheck({ force: true });
  await dialog.getByLabel('Emails').fill(ANA);
  await person.choose('Role', 'Viewer');
  await person.button('Save rules').click();
  await page.getByText('10 access rules added.').first().waitFor();
  assert.equal((await api.rulesOf(ANA)).length, 10);
});
