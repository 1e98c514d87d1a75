// Emails of internationalized domains are shown as people read them, wherever an email is shown; the form that is kept stands beside.
import assert from 'node:assert/strict';
import { browserStory, eventually, looksRight } from './browser.js';

const KEPT = 'ana@xn--bcher-kva.example';
const READ = 'ana@bücher.example';
const BOTH = `${READ} (${KEPT})`;

browserStory('an email of an internationalized domain can be read on every page', async ({ page, person, api }) => {
  const { account, research } = await api.organisation();
  const ana = await api.person(READ);
  assert.equal(ana.email, KEPT);
  await api.rule(KEPT, 'System administrator', account);
  await person.arrive('/access/users', 'Users', READ, ana.password);

  // The account menu, and what this person made.
  await page.getByRole('button', { name: `Account of ${BOTH}` }).getByText(READ, { exact: true }).waitFor();
  await person.button('New local user').click();
  const fresh = page.getByRole('dialog');
  await fresh.getByLabel('Email').fill('jörg@bücher.example'.replace('ö', 'oe'));
  await fresh.getByRole('button', { name: 'Create' }).click();
  await fresh.getByText('joerg@bücher.example (joerg@xn--bcher-kva.example)', { exact: true }).waitFor();
  await looksRight(page, 'readable-credentials');
  await fresh.getByRole('button', { name: 'Copy email' }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'joerg@xn--bcher-kva.example');
  await fresh.getByRole('button', { name: 'Done' }).click();
  await page.getByText('joerg@bücher.example (joerg@xn--bcher-kva.example) created.').first().waitFor();
  const row = page.getByRole('row', { name: /joerg@/ });
  await row.getByText('joerg@bücher.example', { exact: true }).waitFor();
  await row.getByText(READ, { exact: true }).waitFor();
  await looksRight(page, 'readable-users');

  // The dialogs about users.
  const [{ id }] = await api.get(`/api/v1/users?search=${KEPT}`);
  const [{ id: other }] = await api.get('/api/v1/users?search=joerg');
  for (const [dialog, text] of [
    [`rules:${id}`, `Access rules of ${BOTH}`],
    [`new-rule:${id}`, `New access rule for ${BOTH}`],
    [`delete:${id}`, `Delete ${BOTH}?`],
    [`disable:${id},${other}`, `${BOTH} (you)`],
    [`give:${id},${other}`, BOTH],
    [`password:${other}`, 'joerg@bücher.example (joerg@xn--bcher-kva.example) gets a temporary password.'],
  ]) {
    await page.goto(`/access/users?dialog=${dialog}`);
    await page.getByRole('dialog').getByText(text).first().waitFor();
  }
  // Oneself is confirmed in either form.
  await page.goto(`/access/users?dialog=disable:${id}`);
  const confirm = page.getByRole('dialog').getByLabel(`Type ${BOTH} to confirm`);
  await confirm.fill('someone@else.example');
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await page.getByText('Type your own email.').first().waitFor();
  await confirm.fill(READ);
  await page.getByText('Type your own email.').waitFor({ state: 'detached' });
  await looksRight(page, 'readable-oneself');

  // Access rules: the list, its filter, and the dialogs.
  const { id: rule } = await api.rule(KEPT, 'Viewer', research);
  await page.goto(`/access/rules?filterBy=subjectId==${KEPT},roleName==Viewer`);
  await page.getByRole('rowheader').getByText(READ, { exact: true }).waitFor();
  await page.getByText(`Subject = ${BOTH}`).first().waitFor();
  await page.getByRole('checkbox', { name: `Select ${BOTH} has Viewer in research` }).waitFor();
  await looksRight(page, 'readable-access-rules');
  await page.goto(`/access/rules?dialog=delete:${rule}`);
  await page.getByRole('dialog').getByText(`Viewer in research from ${BOTH}`).waitFor();
  await page.goto('/access/rules?dialog=new');
  await page.getByRole('dialog').getByLabel('Find a user').fill('bücher');
  await page.getByRole('option', { name: BOTH }).click();
  await eventually(() => page.getByRole('dialog').getByLabel('Emails').inputValue(), KEPT);

  // Who has which role, in a scope and of a role.
  await page.goto(`/organisation/scopes?scope=department:${research.scopeId}`);
  await page.getByRole('table', { name: 'Who has which role' }).getByText(READ, { exact: true }).first().waitFor();
  await page.goto('/access/roles');
  await page.getByRole('link', { name: 'Viewer', exact: true }).click();
  await page.getByRole('table', { name: 'Who has it' }).getByText(READ, { exact: true }).waitFor();

  // Check access: the question, the answer, and who can.
  await page.goto(`/access/check?subject=user:joerg@xn--bcher-kva.example&can=project:read&scope=department:${research.scopeId}`);
  await page.getByRole('heading', { name: 'joerg@bücher.example (joerg@xn--bcher-kva.example) may not view projects in research' }).waitFor();
  await page.getByText('joerg@bücher.example', { exact: true }).waitFor();
  await looksRight(page, 'readable-check');
  await page.goto(`/access/check?tab=who&can=project:read&scope=department:${research.scopeId}`);
  await page.getByRole('rowheader').getByText(READ, { exact: true }).waitFor();
  await page.getByRole('link', { name: `Why? ${BOTH}` }).waitFor();
  await page.goto('/access/check?tab=what&subject=user:joerg@xn--bcher-kva.example');
  await page.getByText('What joerg@bücher.example (joerg@xn--bcher-kva.example) can do').first().waitFor();

  // My access: who authorized it.
  await page.goto('/me/access');
  await page.getByText('You have System administrator').first().waitFor();
});
