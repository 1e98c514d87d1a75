// What a person may not do is not offered.
import assert from 'node:assert/strict';
import { eventually, looksRight, story } from './browser.js';

const DORA = 'dora@example.com';
const ANA = 'ana@example.com';

story('a department administrator gives roles in their department and nowhere else', async ({ page, person, api }) => {
  const dora = await api.person(DORA);
  await api.user(ANA);
  const { account, research } = await api.organisation();
  await api.rule(DORA, 'Department administrator', research);
  await api.rule(ANA, 'Viewer', account);
  await person.arrive('/access/users', 'Users', dora.email, dora.password);
  assert.equal(await person.button('New local user').count(), 0);
  await person.select(ANA);
  await person.button('Access rules').waitFor();
  for (const name of ['Reset password', 'Account', 'Delete']) assert.equal(await person.button(name).count(), 0, name);

  await person.button('Access rules').click();
  await person.button('Access rule').click();
  await person.chooseScopes('research');
  await person.choose('Role', 'Viewer');
  await person.button('Save rule').click();
  await page.getByText(`${ANA} has Viewer in research.`).first().waitFor();
  await page.getByRole('button', { name: 'Delete the rule: Viewer in research' }).waitFor();

  // Where they administer nothing, no role can be chosen.
  await person.button('Access rule').click();
  await person.chooseScopes('berlin');
  await person.dialog(`New access rule for ${ANA}`).getByRole('button', { name: /^Role/ }).click();
  await eventually(() => page.getByRole('option', { name: /^Viewer/ }).getAttribute('aria-disabled'), 'true');
});

story('a viewer is offered neither users nor access rules', async ({ page, person, api, expect }) => {
  const ana = await api.person(ANA);
  await api.rule(ANA, 'Viewer', (await api.organisation()).research);
  await page.goto('/');
  await person.signIn(ana.email, ana.password);
  await page.getByRole('link', { name: 'Password' }).first().waitFor();
  assert.equal(await page.getByRole('link', { name: 'Users' }).count(), 0);
  assert.equal(await page.getByRole('link', { name: 'Access rules' }).count(), 0);

  // A link that was sent shows their own rules, and nothing to do with them.
  await page.goto('/access/rules');
  await page.getByRole('rowheader', { name: ANA }).waitFor();
  assert.equal(await person.button('New access rule').count(), 0);
  assert.equal(await page.getByRole('checkbox').count(), 0);
  await looksRight(page, 'access-rules-of-a-viewer');
  for (const path of ['/api/v1/users', '/api/v1/users/count']) expect(403, path);
  await page.goto('/access/users?dialog=new-user');
  await page.getByText('The users cannot be shown').first().waitFor();
  await page.getByText('You need permission to view users in at least one scope.').first().waitFor();
  assert.equal(await person.button('Try again').count(), 0);
  assert.equal(await page.getByRole('dialog').count(), 0);
});

story('a department administrator deletes rules in their department and is not offered others', async ({ page, person, api }) => {
  const dora = await api.person(DORA);
  await api.user(ANA);
  const { account, research, sales } = await api.organisation();
  await api.rule(DORA, 'Department administrator', research);
  for (const scope of [account, research, sales]) await api.rule(ANA, 'Viewer', scope);
  await person.arrive('/access/users', 'Users', dora.email, dora.password);
  await person.select(ANA);
  await person.button('Access rules').click();
  const rules = person.dialog(`Access rules of ${ANA}`);
  const trash = () => rules.getByRole('button', { name: /^Delete the rule/ }).evaluateAll((found) => found.map((button) => button.getAttribute('aria-label')));
  await eventually(trash, ['Delete the rule: Viewer in research']);
  await looksRight(page, 'access-rules-for-a-department-administrator');
  await rules.getByRole('button', { name: /^Delete the rule/ }).click();
  await person.dialog('Delete the access rule?').getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`Removed Viewer in research from ${ANA}.`).first().waitFor();
  assert.deepEqual(await api.rulesOf(ANA), ['Viewer in account', 'Viewer in sales']);

  // Dialogs that they are not offered do not open by their address either.
  const { id } = (await api.get('/api/v1/users?search=ana'))[0];
  for (const dialog of ['new-user', `password:${id}`, `disable:${id}`, `delete:${id}`]) {
    await page.goto(`/access/users?dialog=${dialog}`);
    await page.getByRole('rowheader', { name: ANA }).waitFor();
    // The dialogs are loaded behind the list.
    await page.waitForLoadState('networkidle');
    assert.equal(await page.getByRole('dialog').count(), 0, dialog);
  }
});

story('a department administrator makes rules for anybody from the list of rules, in their department', async ({ page, person, api }) => {
  const dora = await api.person(DORA);
  await api.user(ANA);
  const { research } = await api.organisation();
  await api.rule(DORA, 'Department administrator', research);
  await person.arrive('/access/rules', 'Access rules', dora.email, dora.password);
  await person.button('New access rule').click();
  const dialog = person.dialog('New access rule');
  await dialog.getByLabel('Find a user').fill('ana');
  await page.getByRole('option', { name: ANA }).click();
  // What is above their department is shown for what lies in it, and not to choose.
  const tree = dialog.getByRole('tree');
  await tree.getByText('Cluster, name only').waitFor();
  assert.equal(await tree.getByRole('button', { name: 'berlin', exact: true }).count(), 0);
  await person.chooseScopes('vision');
  await person.choose('Role', 'Viewer');
  await person.button('Save rule').click();
  await page.getByText(`${ANA} has Viewer in vision.`).first().waitFor();
  await person.select(`${ANA} has Viewer in vision`);
  await person.button('Delete').click();
  await person.dialog('Delete the access rule?').getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`Removed Viewer in vision from ${ANA}.`).first().waitFor();
  assert.deepEqual(await api.rulesOf(ANA), []);
});

story('a viewer of a department sees its scopes and is offered no change', async ({ page, person, api }) => {
  const ana = await api.person(ANA);
  const { research, vision } = await api.organisation();
  await api.rule(ANA, 'Viewer', research);
  await person.arrive(`/organisation/scopes?scope=department:${research.scopeId}`, 'Organization', ana.email, ana.password);
  await page.getByRole('heading', { name: 'research', exact: true }).waitFor();
  await page.waitForLoadState('networkidle');
  for (const name of ['New project', 'Edit', 'Delete']) assert.equal(await person.button(name).count(), 0, name);
  await looksRight(page, 'scope-of-a-viewer');
  // Without a scope in the address it begins where they have access, and not at the account, of which they see the name.
  await page.goto('/organisation/scopes');
  await page.getByRole('heading', { name: 'research', exact: true }).waitFor();
  await page.getByRole('treegrid', { name: 'Scopes' }).getByRole('radio', { name: 'Show research', exact: true }).and(page.locator(':checked')).waitFor();
  // Nor by an address: of a new project, of a change, of a new rule, of one that is deleted.
  const [rule] = (await api.get(`/api/v1/authorization/access-rules?subjectIds=${ANA}`)).accessRules;
  const scope = `/organisation/scopes?scope=project:${vision.scopeId}`;
  for (const path of [`/organisation/scopes?scope=department:${research.scopeId}&dialog=new`, `${scope}&dialog=edit`, `${scope}&dialog=delete`, '/access/rules?dialog=new', `/access/rules?dialog=delete:${rule.id}`]) {
    await page.goto(path);
    await page.getByRole('heading', { name: /^(Organization|Access rules)/ }).first().waitFor();
    await page.waitForLoadState('networkidle');
    assert.equal(await page.getByRole('dialog').count(), 0, path);
  }
});

story('a list that is empty for this caller alone claims nothing of what there is', async ({ page, person, api }) => {
  const ana = await api.person(ANA);
  const { research } = await api.organisation();
  await api.rule(DORA, 'Viewer', research);
  await person.arrive('/access/rules', 'Access rules', ana.email, ana.password);
  await page.getByText('None you can see.').first().waitFor();
  await looksRight(page, 'none-you-can-see');
  await person.enter('dora');
  await page.getByText('No access rules you can see match.').first().waitFor();
  assert.equal(await page.getByText('There are no').count(), 0);
});
