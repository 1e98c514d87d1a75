// The complete export: what the list shows, as one file that the server makes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { looksRight, story } from './browser.js';

const ANA = 'ana@example.com';

/** The file that the browser saves. */
async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

async function exportShown(page, person) {
  return saved(page, async () => {
    await person.button('More').click();
    await page.getByRole('menuitem', { name: /^Export filtered rows as CSV/ }).click();
  });
}

story('the complete export has the rows and columns that the list shows', async ({ page, person, api }) => {
  const { vision } = await api.organisation();
  await api.user(ANA);
  await api.rule(ANA, 'Viewer', vision);
  await api.rule('=1+1', 'Viewer', vision, 'group');
  await person.arrive('/access/users?filterBy=username%3D%5Eana', 'Users');
  await person.button('More').click();
  await page.getByRole('menuitem', { name: /^Export filtered rows as CSV/ }).waitFor();
  await looksRight(page, 'complete-export');
  await page.keyboard.press('Escape');
  const users = await exportShown(page, person);
  assert.equal(users.name, 'users.csv');
  const [title, ana, ...others] = users.text.split('\r\n');
  assert.equal(title, '\uFEFFUser,Type,Last login,Access rule(s),Created by,Creation time,Last updated');
  assert.match(ana, /^ana@example\.com,Local,,1,admin@example\.com,/);
  assert.deepEqual(others, ['']);
  // The file that the console makes of the list is the same.
  const listed = await saved(page, async () => {
    await person.button('More').click();
    await page.getByRole('menuitem', { name: /^Download as CSV/ }).click();
  });
  assert.deepEqual(listed, { name: 'users-shown.csv', text: users.text });

  await page.goto('/access/rules?filterBy=subjectType%3D%3Dgroup');
  await page.getByRole('checkbox', { name: 'Select =1+1 has Viewer in vision' }).waitFor();
  const rules = await exportShown(page, person);
  assert.match(rules.text, /^\uFEFFType,Subject,Role,Scope,Authorized by,Creation time,Last updated\r\nGroup,'=1\+1,Viewer,vision,admin@example\.com,/);

  // A search narrows, too.
  await page.goto('/access/users?search=admin');
  const found = await exportShown(page, person);
  assert.match(found.text, /\r\nadmin@example\.com,Local,[^,]+,1,Installation,[^\r]+\r\n$/);
  assert.equal(found.text.split('\r\n').length, 3);

  // Without a filter it has all.
  await page.goto('/access/rules');
  await person.button('More').click();
  await page.getByRole('menuitem', { name: /^Export all rows as CSV/ }).waitFor();
});
