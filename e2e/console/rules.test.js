// Access, Access rules: the list, new rules for many, and deleting.
import assert from 'node:assert/strict';
import { browserStory, eventually, looksRight, story } from './browser.js';

const ANA = 'ana@example.com';
const BEN = 'ben@example.com';

story('the list says who is what, and where', async ({ page, person, api }) => {
  await api.user(ANA);
  const { vision, research } = await api.organisation();
  await api.rule(ANA, 'Viewer', vision);
  await api.rule('researchers', 'Editor', research, 'group');
  await person.arrive('/access/rules', 'Access rules');
  for (const column of ['Type', 'Subject', 'Role', 'Scope', 'Authorized by', 'Creation time', 'Last updated']) {
    await page.getByRole('columnheader', { name: column, exact: true }).waitFor();
  }
  await page.getByRole('button', { name: 'vision' }).click();
  await page.getByText(/ \/ berlin \/ research \/ vision/).first().waitFor();
  await looksRight(page, 'access-rules');
  await page.keyboard.press('Escape');
  await person.enter('researchers');
  await eventually(() => person.users(), ['researchers']);
  await page.getByRole('checkbox', { name: 'Select researchers has Editor in research' }).waitFor();
});

story('the scope of a rule tells what lies below it, and leads there', async ({ page, person, api }) => {
  const { account, cluster, research, vision } = await api.organisation();
  for (const scope of [account, cluster, research, vision]) await api.rule(ANA, 'Viewer', scope);
  await person.arrive('/access/rules?search=ana', 'Access rules');
  // Each cluster has a department of its own from the beginning.
  const look = async (row, name, below) => {
    await page.getByRole('row', { name: row }).getByRole('button', { name }).click();
    if (below !== undefined) await page.getByText(`Below: ${below}`, { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Show in the organization' }).waitFor();
    if (below === undefined) assert.equal(await page.getByText('Below:').count(), 0);
  };
  await look(/Viewer.*berlin/, 'berlin', '3 departments, 1 project');
  await page.keyboard.press('Escape');
  await look(/Viewer.*research/, 'research', '1 project');
  await looksRight(page, 'what-lies-below', { widths: [1440] });
  await page.keyboard.press('Escape');
  await look(/Viewer.*vision/, 'vision');
  await page.getByRole('link', { name: 'Show in the organization' }).click();
  await page.getByRole('heading', { name: 'vision', exact: true }).waitFor();
  assert.equal(new URL(page.url()).search, `?scope=${encodeURIComponent(`project:${vision.scopeId}`)}`);
});

story('new rules for several subjects in several scopes', async ({ page, person, api }) => {
  await api.organisation();
  await person.arrive('/access/rules', 'Access rules');
  await person.button('New access rule').click();
  const dialog = person.dialog('New access rule');
  await dialog.getByRole('button', { name: 'Save rule' }).click();
  await dialog.getByText('Required.').waitFor();
  await dialog.getByLabel('Emails').fill(`${ANA}\n${BEN}\n`);
  await person.chooseScopes('research', 'sales');
  await person.choose('Role', 'Viewer');
  await looksRight(page, 'new-access-rules');
  await person.button('Save rules').click();
  await page.getByText('4 access rules added.').first().waitFor();
  for (const email of [ANA, BEN]) assert.deepEqual(await api.rulesOf(email), ['Viewer in research', 'Viewer in sales']);
});

story('who gets a rule is found by a part of the name', async ({ page, person, api }) => {
  for (const email of [ANA, BEN]) await api.user(email);
  const { research } = await api.organisation();
  await api.rule('researchers', 'Editor', research, 'group');
  await person.arrive('/access/rules?dialog=new', 'Access rules');
  const dialog = person.dialog('New access rule');
  await dialog.getByLabel('Find a user').fill('be');
  await page.getByRole('option', { name: BEN }).waitFor();
  await eventually(() => page.getByRole('option').allInnerTexts(), [BEN]);
  await looksRight(page, 'found-subjects', { widths: [1440] });
  await page.getByRole('option', { name: BEN }).click();
  await dialog.getByLabel('Find a user').fill('ana');
  await page.getByRole('option', { name: ANA }).waitFor();
  // By the keyboard alone, and the form is not sent.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await eventually(() => dialog.getByLabel('Emails').inputValue(), `${BEN}\n${ANA}`);
  assert.equal(await dialog.getByText('Choose a role.').count(), 0);

  await dialog.getByRole('button', { name: /^Subject type/ }).click();
  await page.getByRole('option', { name: 'Group' }).click();
  await dialog.getByLabel('Find a group').fill('search');
  await page.getByRole('option', { name: 'researchers' }).waitFor();
  // What was typed is no name: Enter takes the only one that was found, and nothing where none was.
  await page.keyboard.press('Enter');
  await eventually(() => dialog.getByLabel('Groups').inputValue(), `${BEN}\n${ANA}\nresearchers`);
  await dialog.getByLabel('Find a group').fill('nothing');
  await page.keyboard.press('Enter');
  await dialog.getByText('None match.').first().waitFor();
  assert.equal(await dialog.getByLabel('Groups').inputValue(), `${BEN}\n${ANA}\nresearchers`);
});

browserStory('a rule that is there already is refused, until the subject, the scope or the role is another one', async ({ page, person, api, expect }) => {
  const { id } = await api.user(ANA);
  const { research } = await api.organisation();
  await api.rule(ANA, 'Viewer', research);
  expect(409, '/api/v1/authorization/access-rules');
  const isThere = page.getByRole('dialog').getByText(/already/).filter({ visible: true });
  for (const [path, title] of [['/access/rules?dialog=new', 'New access rule'], [`/access/users?dialog=new-rule:${id}`, `New access rule for ${ANA}`]]) {
    if (title === 'New access rule') await person.arrive(path, 'Access rules');
    else await page.goto(path);
    const dialog = person.dialog(title);
    if (title === 'New access rule') await dialog.getByLabel('Emails').fill(ANA);
    await person.chooseScopes('research');
    await person.choose('Role', 'Viewer');
    await person.button('Save rule').click();
    await isThere.first().waitFor();
    await person.choose('Role', 'Editor');
    await isThere.first().waitFor({ state: 'detached' });
    await person.choose('Role', 'Viewer');
    await person.button('Save rule').click();
    await isThere.first().waitFor();
    await dialog.getByRole('button', { name: 'Remove research', exact: true }).click();
    await isThere.first().waitFor({ state: 'detached' });
  }
});

story('rules are deleted, also several at once', async ({ page, person, api }) => {
  const { vision, research, sales } = await api.organisation();
  for (const scope of [vision, research, sales]) await api.rule(ANA, 'Viewer', scope);
  await person.arrive('/access/rules?search=ana', 'Access rules');
  await person.select(`${ANA} has Viewer in research`, `${ANA} has Viewer in sales`);
  await person.button('Delete').click();
  const dialog = person.dialog('Delete 2 access rules?');
  await dialog.getByText(`Viewer in sales from ${ANA}`).waitFor();
  await looksRight(page, 'delete-access-rules');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('2 access rules were deleted.').first().waitFor();
  await eventually(() => person.users(), [ANA]);
  assert.deepEqual(await api.rulesOf(ANA), ['Viewer in vision']);

  // One of several cannot be deleted: the dialog says so before someone tries it.
  const { accessRules } = await api.get('/api/v1/authorization/access-rules');
  await page.goto(`/access/rules?dialog=delete:${accessRules.map(({ id }) => id).join(',')}`);
  const both = person.dialog('Delete 2 access rules?').getByRole('listitem');
  await both.filter({ hasText: 'System administrator' }).getByText(/^Cannot be deleted: /).waitFor();
  assert.equal(await both.filter({ hasText: 'vision' }).getByText('Cannot').count(), 0);
  await looksRight(page, 'delete-access-rules-partly');
});
