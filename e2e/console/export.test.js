// The complete export: what the list shows, as one file that the server makes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { eventually, looksRight, story } from './browser.js';

const ANA = 'ana@example.com';

/** The file that the browser saves. */
async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

async function downloadList(page, person) {
  return saved(page, async () => {
    await person.button('More').click();
    await page.getByRole('menuitem', { name: /^Download as CSV/ }).click();
  });
}

story('the file has the rows and columns that the list shows', async ({ page, person, api }) => {
  const { vision } = await api.organisation();
  await api.user(ANA);
  await api.rule(ANA, 'Viewer', vision);
  await api.rule('=1+1', 'Viewer', vision, 'group');
  await person.arrive('/access/users?filterBy=username%3D%5Eana', 'Users');
  await person.button('More').click();
  await page.getByRole('menuitem', { name: /Every row that matches/ }).waitFor();
  await looksRight(page, 'download');
  await page.keyboard.press('Escape');
  const users = await downloadList(page, person);
  assert.equal(users.name, 'users.csv');
  const [title, ana, ...others] = users.text.split('\r\n');
  assert.equal(title, '\uFEFFUser,Type,Last login,Access rule(s),Created by,Creation time,Last updated');
  assert.match(ana, /^ana@example\.com,Local,,1,admin@example\.com,/);
  assert.deepEqual(others, ['']);

  await page.goto('/access/rules?filterBy=subjectType%3D%3Dgroup');
  await page.getByRole('checkbox', { name: 'Select =1+1 has Viewer in vision' }).waitFor();
  const rules = await downloadList(page, person);
  assert.match(rules.text, /^\uFEFFType,Subject,Role,Scope,Authorized by,Creation time,Last updated\r\nGroup,'=1\+1,Viewer,vision,admin@example\.com,/);

  // A search narrows, too.
  await page.goto('/access/users?search=admin');
  const found = await downloadList(page, person);
  assert.match(found.text, /\r\nadmin@example\.com,Local,[^,]+,1,Installation,[^\r]+\r\n$/);
  assert.equal(found.text.split('\r\n').length, 3);

  // Without a filter it has all.
  await page.goto('/access/rules');
  await person.button('More').click();
  await page.getByRole('menuitem', { name: /Every row$/ }).waitFor();
});

story('a download that the server refuses says why, and leaves no file', async ({ page, person, api, expect }) => {
  const ben = await api.person('ben@example.com');
  const rule = await api.rule(ben.email, 'System administrator', (await api.organisation()).account);
  await person.arrive('/access/users', 'Users', ben.email, ben.password);
  await eventually(async () => (await person.users()).length, 2);
  const downloads = [];
  page.on('download', (download) => downloads.push(download));
  for (const path of ['/api/v1/users/export', '/api/v1/users', '/api/v1/users/count', '/api/v1/users/access-rules']) expect(403, path);
  await api.remove(`/api/v1/authorization/access-rules/${rule.id}`);
  await person.button('More').click();
  await page.getByRole('menuitem', { name: /^Download as CSV/ }).click();
  await page.getByText('The download failed').first().waitFor();
  await page.getByText(/^You need permission to view users/).first().waitFor();
  await looksRight(page, 'download-failed');
  assert.equal(downloads.length, 0);
});
