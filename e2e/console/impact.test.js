// Who gains and who loses what, before it is done.
import { looksRight, story } from './browser.js';

const ANA = 'ana@example.com';
const preview = (page) => page.getByRole('region', { name: 'Who gains and who loses permissions' });

story('a new access rule shows what it adds, and that it adds nothing', async ({ page, person, api }) => {
  const { research } = await api.organisation();
  await api.user(ANA);
  await api.rule(ANA, 'Viewer', research);
  await page.goto('/access/rules?dialog=new');
  await person.signIn();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Emails').fill(ANA);
  await person.chooseScopes('vision');
  await person.choose('Role', 'Viewer');
  await preview(page).getByText('Nobody gains or loses permissions.').waitFor();
  await person.choose('Role', 'Department viewer');
  await preview(page).getByText('Nobody gains or loses permissions.').waitFor();
  await person.choose('Role', 'L1 researcher');
  await preview(page).getByText('1 subject gains permissions.').waitFor();
  await preview(page).getByText(ANA).waitFor();
  await preview(page).getByText('vision').first().waitFor();
  await preview(page).scrollIntoViewIfNeeded();
  await looksRight(page, 'impact-new-rule');
  // Another scope is compared anew.
  await dialog.getByLabel('Emails').fill(`${ANA}\nben@example.com`);
  await preview(page).getByText('2 subjects gain permissions.').waitFor();
});

story('deleting a rule, a user or a project shows who loses what', async ({ page, person, api }) => {
  const { research, vision } = await api.organisation();
  await api.user(ANA);
  const { id } = await api.rule(ANA, 'Viewer', vision);
  await api.rule(ANA, 'Department administrator', research);
  await page.goto(`/access/rules?dialog=delete:${id}`);
  await person.signIn();
  // The other rule permits the same.
  await preview(page).getByText('Nobody gains or loses permissions.').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.goto('/access/users');
  await page.getByRole('row', { name: new RegExp(ANA) }).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await preview(page).getByText('1 subject loses permissions.').waitFor();
  await preview(page).getByText('research').first().waitFor();
  await preview(page).getByText(/View: .* and \d+ more$/).waitFor();
  await looksRight(page, 'impact-delete-user');
  await preview(page).getByRole('button', { name: 'Show all' }).click();
  await preview(page).getByText(/View: .* Network topologies$/).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.goto(`/organisation/scopes?scope=${encodeURIComponent(`project:${vision.scopeId}`)}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await preview(page).getByText('Nobody gains or loses permissions.').waitFor();
});
