// Me, My access: what one may do, where, and through which rule.
import assert from 'node:assert/strict';
import { eventually, looksRight, story } from './browser.js';

story('a viewer of one department reads what they may do, and where', async ({ page, api, person }) => {
  const { uuid: clusterId } = await api.post('/api/v1/clusters', { name: 'berlin' });
  const { id } = await api.post('/api/v1/org-unit/departments', { name: 'research', clusterId });
  const { id: sales } = await api.post('/api/v1/org-unit/departments', { name: 'sales', clusterId });
  const vic = await api.person('vic@example.com');
  await api.rule(vic.email, 'Department viewer', { scopeType: 'department', scopeId: id });
  await api.rule(vic.email, 'Department administrator', { scopeType: 'department', scopeId: sales });

  await page.goto('/me/access');
  await person.signIn(vic.email, vic.password);
  const rules = page.getByRole('table', { name: 'Your access rules' });
  await rules.getByText('You have Department viewer in research').waitFor();
  await rules.getByText('You have Department administrator in sales').waitFor();
  const may = page.getByRole('treegrid', { name: 'What you can do' });
  // View, edit, create, delete.
  const projects = () => may.getByRole('row', { name: /^Projects/ }).getByRole('img', { name: 'Yes' }).count();
  await eventually(projects, 1);
  await page.getByText('In research.', { exact: true }).waitFor();
  await looksRight(page, 'my-access');

  await page.getByRole('treegrid', { name: 'Where' }).getByRole('radio', { name: 'Show sales' }).check({ force: true });
  await eventually(projects, 4);
  assert.equal(new URL(page.url()).searchParams.get('scope'), `department:${sales}`);
  await page.reload();
  await eventually(projects, 4);
});

story('who has no rule reads that, and whom to ask', async ({ page, api, person }) => {
  const eve = await api.person('eve@example.com');
  await page.goto('/me/access');
  await person.signIn(eve.email, eve.password);
  await page.getByText(/You have no access rules/).first().waitFor();
  // Nothing can be asked without a scope that one sees, so the question is not offered.
  await eventually(() => page.getByRole('link', { name: 'Check access' }).count(), 0);
  await page.goto('/access/check');
  await page.getByText('You have no access here yet').first().waitFor();
});
