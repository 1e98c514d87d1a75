// Access, Users: by how many access rules someone has, as far as the person sees them.
import { eventually, looksRight, story } from './browser.js';
import { ADMINISTRATOR } from './server.js';

const ANA = 'ana@example.com';
const BEN = 'ben@example.com';
const EVE = 'eve@example.com';

const byRules = (page) => page.getByRole('columnheader', { name: 'Access rule(s)', exact: true }).getByRole('button').first();

async function withRules(api) {
  const at = await api.organisation();
  for (const email of [ANA, BEN]) await api.user(email);
  await api.rule(ANA, 'Viewer', at.vision);
  await api.rule(BEN, 'Viewer', at.research);
  for (const role of ['Viewer', 'Editor']) await api.rule(BEN, role, at.sales);
  return at;
}

story('users are sorted and filtered by how many access rules they have', async ({ page, person, api }) => {
  await withRules(api);
  await person.arrive('/access/users', 'Users');
  await page.getByRole('row', { name: new RegExp(BEN) }).getByText('+2').waitFor();
  await byRules(page).click({ force: true });
  await eventually(() => new URL(page.url()).search, '?sortBy=accessRules');
  await eventually(() => person.users(), [ADMINISTRATOR, ANA, BEN]);
  await byRules(page).click({ force: true });
  await eventually(() => person.users(), [BEN, ANA, ADMINISTRATOR]);
  await page.getByRole('row', { name: new RegExp(BEN) }).getByText('+2').waitFor();

  await person.enter('Access rule(s) >= 2');
  await eventually(() => person.users(), [BEN]);
  await page.getByText('1 match').first().waitFor();
  await looksRight(page, 'users-by-rules');
  await page.reload();
  await eventually(() => person.users(), [BEN]);
});

story('a department administrator counts the rules of the department', async ({ page, person, api }) => {
  const at = await withRules(api);
  const eve = await api.person(EVE);
  await api.rule(EVE, 'Department administrator', at.research);
  await person.arrive('/access/users?sortBy=accessRules&sortOrder=desc', 'Users', EVE, eve.password);
  await eventually(() => person.users(), [EVE, BEN, ANA, ADMINISTRATOR]);
  await page.getByRole('row', { name: new RegExp(BEN) }).getByText('Viewer · research').waitFor();
  await page.goto('/access/users?filterBy=accessRules==0');
  await eventually(() => person.users(), [ADMINISTRATOR]);
});
