// Changes by another user while a dialog is open: it stays, does no more than it said, and says why it is refused.
import assert from 'node:assert/strict';
import { browserStory, eventually, story } from './browser.js';
import { ADMINISTRATOR } from './server.js';

const ANA = 'ana@example.com';
const BEN = 'ben@example.com';

/** A person who administers the department research, and may still see something once that rule is gone. */
async function administrator(api) {
  const places = await api.organisation();
  const ana = await api.person(ANA);
  const rule = await api.rule(ANA, 'Department administrator', places.research);
  await api.rule(ANA, 'Viewer', places.sales);
  await api.user(BEN);
  return { ...places, ana, loses: () => api.remove(`/api/v1/authorization/access-rules/${rule.id}`) };
}

story('the role goes while a dialog is open: it stays, with what was typed, and says why', async ({ page, person, api, expect }) => {
  const { ana, research, loses } = await administrator(api);
  const { id } = await api.rule(BEN, 'Viewer', research);
  await person.arrive('/access/rules', 'Access rules', ana.email, ana.password);
  await page.goto(`/access/rules?dialog=delete:${id}`);
  const dialog = person.dialog('Delete the access rule?');
  await dialog.getByText(`Viewer in research from ${BEN}`).waitFor();
  await loses();
  expect(404, `/api/v1/authorization/access-rules/${id}`);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  // It is there, and this person cannot know.
  await dialog.getByText('There is no such access rule that you can see; it may have been deleted.').first().waitFor();
  await api.get(`/api/v1/authorization/access-rules/${id}`);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

browserStory('the role goes while a project is being made: what was typed stays, and the refusal is told', async ({ page, person, api, expect }) => {
  const { ana, research, loses } = await administrator(api);
  // The department itself is still to be seen.
  await api.rule(ANA, 'Viewer', research);
  await person.arrive(`/organisation/scopes?scope=department:${research.scopeId}&dialog=new`, 'Organization', ana.email, ana.password);
  const dialog = person.dialog('New project in research');
  await dialog.getByLabel('Name').fill('speech');
  await loses();
  expect(403, '/api/v1/org-unit/projects');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText(/You need permission to create projects/).first().waitFor();
  assert.equal(await dialog.getByLabel('Name').inputValue(), 'speech');
});

browserStory('a rule that was said to stay stays, also when it could be deleted by now', async ({ page, person, api }) => {
  const { account, research } = await api.organisation();
  await api.user(ANA);
  const other = await api.rule(ANA, 'Viewer', research);
  const { accessRules } = await api.get(`/api/v1/authorization/access-rules?subjectIds=${ADMINISTRATOR}`);
  const own = accessRules[0].id;
  await person.arrive('/access/rules', 'Access rules');
  await page.goto(`/access/rules?dialog=delete:${own},${other.id}`);
  const dialog = person.dialog('Delete 2 access rules?');
  await dialog.getByText('Cannot be deleted: This would lock everyone out').waitFor();
  await api.person(BEN);
  await api.rule(BEN, 'System administrator', account);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  const results = person.dialog('1 of 2 access rules deleted');
  await results.getByText(/This would lock everyone out/).waitFor();
  assert.deepEqual(await api.rulesOf(ADMINISTRATOR), ['System administrator in account']);
  await results.getByRole('button', { name: 'Close' }).last().click();
});

browserStory("once one's own rule in the account is gone, a list says that it shows none that one can see", async ({ page, person, api, expect }) => {
  const { account, research } = await api.organisation();
  const ana = await api.person(ANA);
  const rule = await api.rule(ANA, 'System administrator', account);
  await api.rule('robots', 'Viewer', research, 'group');
  await person.arrive('/access/rules?search=nothing', 'Access rules', ana.email, ana.password);
  await page.getByText('None match.').or(page.getByText(/No access rules match/)).first().waitFor();
  for (const path of ['/api/v1/authorization/permissions', '/api/v1/authorization/access-rules', `/api/v1/authorization/access-rules/${rule.id}`]) expect(404, path);
  expect(403);
  await page.goto(`/access/rules?dialog=delete:${rule.id}`);
  const dialog = person.dialog('Delete the access rule?');
  await dialog.getByLabel(`Type ${ANA} to confirm`).fill(ANA);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await person.dialog('1 of 1 access rules deleted').or(person.dialog(/deleted/)).getByRole('button', { name: 'Close' }).last().click();
  await page.getByText(/None you can see|You have no access here yet/).first().waitFor();
  await eventually(() => page.getByText('None.', { exact: true }).count(), 0);
});

browserStory('users belong to the account: who administers a cluster is offered nothing that would be refused', async ({ page, person, api }) => {
  const { cluster } = await api.organisation();
  const ana = await api.person(ANA);
  await api.rule(ANA, 'System administrator', cluster);
  await person.arrive('/access/users', 'Users', ana.email, ana.password);
  await person.select(ANA);
  await person.button('Add access rule').waitFor();
  for (const name of ['Delete', 'Reset password', 'Account', 'New local user']) assert.equal(await person.button(name).count(), 0, name);
});

browserStory('the answer to a bulk deletion is lost: it ends with the result of each all the same', async ({ page, person, api, expect }) => {
  const { research } = await api.organisation();
  const rules = [await api.rule(BEN, 'Viewer', research), await api.rule(BEN, 'Department administrator', research)];
  await person.arrive('/access/rules', 'Access rules');
  await page.goto(`/access/rules?dialog=delete:${rules.map(({ id }) => id).join(',')}`);
  const dialog = person.dialog('Delete 2 access rules?');
  await dialog.getByText(`Viewer in research from ${BEN}`).waitFor();
  await page.route('**/api/v1/authorization/access-rules/batch', async (route) => {
    // It arrives, and its answer does not.
    await route.fetch();
    await route.abort('connectionreset');
  });
  expect('net::ERR_CONNECTION_RESET');
  for (const { id } of rules) expect(404, `/api/v1/authorization/access-rules/${id}`);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  const result = person.dialog('It is not known whether 2 access rules were deleted');
  const told = result.getByText('The server did not answer. The rule was deleted, or you can no longer see it.');
  await told.nth(1).waitFor();
  for (const { id } of rules) await assert.rejects(api.get(`/api/v1/authorization/access-rules/${id}`));
});
