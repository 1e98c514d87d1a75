// What the server refuses about one field stands at that field, in words, and goes when it is corrected.
import assert from 'node:assert/strict';
import { browserStory, eventually, looksRight } from './browser.js';
import { ADMINISTRATOR, ADMINISTRATORS_PASSWORD } from './server.js';

const ANA = 'ana@example.com';
const BEN = 'ben@example.com';

const field = (within, label) => within.getByLabel(label, { exact: true });
const isWrong = (control, wanted) => eventually(async () => (await control.getAttribute('aria-invalid')) === 'true', wanted);
/** An alert has the request's ID behind this. */
const hasNoAlert = async (within) => assert.equal(await within.getByRole('button', { name: 'Details' }).count(), 0);

browserStory('a cluster, a department and a project: a refused name or description stands at its field', async ({ page, person, api, expect }) => {
  const { cluster, research } = await api.organisation();
  await person.arrive('/organisation/scopes', 'Organization');
  for (const { dialog, send, path, taken, asks } of [
    { dialog: '?dialog=new', send: 'Create', path: '/api/v1/clusters', taken: 'berlin', asks: 'A cluster named “berlin” already exists.' },
    { dialog: `?scope=cluster:${cluster.scopeId}&dialog=new`, send: 'Create', path: '/api/v1/org-unit/departments', taken: 'SALES', asks: 'A department named “SALES” already exists in this cluster.' },
    { dialog: `?scope=department:${research.scopeId}&dialog=new`, send: 'Create', path: '/api/v1/org-unit/projects', taken: 'vision', asks: 'A project named “vision” already exists in this cluster.' },
    { dialog: `?scope=department:${research.scopeId}&dialog=edit`, send: 'Save', path: `/api/v1/org-unit/departments/${research.scopeId}`, taken: 'sales', asks: 'A department named “sales” already exists in this cluster.' },
  ]) {
    for (const status of [400, 409]) expect(status, path);
    await page.goto(`/organisation/scopes${dialog}`);
    const form = page.getByRole('dialog');
    const name = field(form, 'Name');
    const send_ = () => form.getByRole('button', { name: send }).click();
    await name.fill('');
    await send_();
    await form.getByText('Required.').waitFor();
    await name.fill(taken);
    await isWrong(name, false);
    await send_();
    await form.getByText(asks).waitFor();
    await isWrong(name, true);
    await hasNoAlert(form);
    assert.equal(await name.inputValue(), taken);
    await name.fill('lab/one');
    await isWrong(name, false);
    await send_();
    await form.getByText('“lab/one” contains a slash, which separates names; remove it.').waitFor();
    await isWrong(name, true);
    if (path === '/api/v1/clusters') continue;

    await name.fill('lab');
    await field(form, 'Description').fill('x'.repeat(1001));
    await send_();
    await form.getByText('It has 1001 characters; at most 1000 are accepted.').waitFor();
    await isWrong(field(form, 'Description'), true);
    await isWrong(name, false);
    await hasNoAlert(form);
    await field(form, 'Description').fill('Finds things out.');
    await isWrong(field(form, 'Description'), false);
  }
  await looksRight(page, 'organisation-refused');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('lab was saved.').first().waitFor();
});

browserStory('a new access rule: a refused subject or scope stands at its field, and a duplicate is told with names', async ({ page, person, api, expect }) => {
  const { vision, research } = await api.organisation();
  await api.rule(ANA, 'Viewer', research);
  await person.arrive('/access/rules?dialog=new', 'Access rules');
  const form = person.dialog('New access rule');
  const save = () => form.getByRole('button', { name: 'Save rule' }).click();
  for (const status of [400, 404, 409]) expect(status, '/api/v1/authorization/access-rules');
  await person.chooseScopes('research');
  await person.choose('Role', 'Viewer');

  const emails = form.getByLabel('Emails');
  await emails.fill('ana at example');
  await save();
  await form.getByText('Not an email: ana at example.').waitFor();
  await isWrong(emails, true);
  await emails.fill('ana@example');
  await isWrong(emails, false);
  await save();
  await form.getByText('“ana@example” is not an email address: the part after the @ must be a domain name, such as example.com.').waitFor();
  await isWrong(emails, true);
  await hasNoAlert(form);
  await looksRight(page, 'new-access-rule-refused');
  await emails.fill(ANA);
  await isWrong(emails, false);

  // The same rule exists: another subject corrects it, and so does another role or scope.
  await save();
  await form.getByText(`${ANA} already has Viewer in department “research”: this access rule already exists.`).waitFor();
  await isWrong(emails, true);
  await hasNoAlert(form);
  await looksRight(page, 'duplicate-access-rule');

  await form.getByRole('button', { name: /^Subject type/ }).click();
  await page.getByRole('option', { name: 'Service account' }).click();
  await form.getByLabel('Client IDs').fill('nightly');
  await save();
  await form.getByText('There is no service account “nightly”.').waitFor();
  await isWrong(form.getByLabel('Client IDs'), true);

  // Another type, another name: what was wrong is gone. The scope is deleted meanwhile.
  await form.getByRole('button', { name: /^Subject type/ }).click();
  await page.getByRole('option', { name: 'Group' }).click();
  await isWrong(form.getByLabel('Groups'), false);
  await form.getByLabel('Groups').fill('researchers');
  await form.getByRole('button', { name: 'Remove research' }).click();
  await person.chooseScopes('vision');
  await api.remove(`/api/v1/org-unit/projects/${vision.scopeId}`);
  for (const path of ['/api/v1/authorization/roles', `/api/v1/org-unit/projects/${vision.scopeId}`]) expect(404, path);
  await save();
  await form.getByText(`There is no project ${vision.scopeId}.`).waitFor();
  await hasNoAlert(form);
  await form.getByRole('button', { name: 'Remove vision' }).click();
  await person.chooseScopes('sales');
  assert.equal(await form.getByText('There is no project').count(), 0);
  await save();
  await page.getByText('researchers has Viewer in sales.').first().waitFor();
});

browserStory('of several access rules each says in words why it was not added, also a duplicate', async ({ page, person, api }) => {
  const { research } = await api.organisation();
  await api.rule(ANA, 'Viewer', research);
  await person.arrive('/access/rules?dialog=new', 'Access rules');
  const form = person.dialog('New access rule');
  await form.getByLabel('Emails').fill(`${ANA}\n${BEN}\nben@example`);
  await person.chooseScopes('research');
  await person.choose('Role', 'Viewer');
  await form.getByRole('button', { name: 'Save rule' }).click();
  const results = person.dialog('1 of 3 access rules added');
  await results.getByText('Not added: Viewer in research for ben@example').waitFor();
  await results.getByText(`${ANA} already has Viewer in department “research”: this access rule already exists.`).waitFor();
  await results.getByText('Subject: “ben@example” is not an email address: the part after the @ must be a domain name, such as example.com.').waitFor();
  await looksRight(page, 'access-rules-refused');
});

browserStory('of several subjects the one is named that is refused', async ({ page, person, api, expect }) => {
  await api.organisation();
  await person.arrive('/access/rules?dialog=new', 'Access rules');
  const form = person.dialog('New access rule');
  const emails = form.getByLabel('Emails');
  await emails.fill(`${ANA}\n\n${'b'.repeat(300)}@example.com\n${BEN}`);
  await person.chooseScopes('research');
  await person.choose('Role', 'Viewer');
  expect(400, '/api/v1/authorization/access-rules/batch-create');
  await form.getByRole('button', { name: 'Save rule' }).click();
  await form.getByText(`“${'b'.repeat(40)}…”: It has 312 characters; at most 255 are accepted.`).waitFor();
  await isWrong(emails, true);
  await hasNoAlert(form);
  await looksRight(page, 'one-of-several-refused');
  await emails.fill(`${ANA}\n${BEN}`);
  await isWrong(emails, false);
  await form.getByRole('button', { name: 'Save rule' }).click();
  await page.getByText('2 access rules added.').first().waitFor();
});

browserStory('a new user whose email is taken: it stands at the field', async ({ page, person, api, expect }) => {
  await api.user(ANA);
  await person.arrive('/access/users?dialog=new-user', 'Users');
  const form = person.dialog('New local user');
  expect(409, '/api/v1/users');
  await form.getByLabel('Email').fill(ANA);
  await form.getByRole('button', { name: 'Create' }).click();
  await form.getByText(`A user ${ANA} already exists.`).waitFor();
  await isWrong(form.getByLabel('Email'), true);
  await hasNoAlert(form);
});

/** Fills in a form that changes a password, and tries each thing that can be wrong with it. */
async function triesPasswords(page, currentLabel, current, picture) {
  const [now, fresh, again] = [currentLabel, 'New password', 'Repeat new password'].map((label) => field(page, label));
  const send = () => page.getByRole('button', { name: 'Change password' }).click();
  const wrong = async (...wanted) => {
    for (const [index, control] of [now, fresh, again].entries()) await isWrong(control, wanted[index]);
    await hasNoAlert(page);
  };
  await send();
  await page.getByText('Required.').first().waitFor();
  await now.fill('not-the-Password-1');
  await fresh.fill('short');
  await again.fill('other');
  await page.getByText('At least 8 characters: 3 more.').first().waitFor();
  await page.getByText("Passwords don't match.").waitFor();
  await wrong(false, true, true);
  await looksRight(page, `${picture}-advice`);

  // The server refuses the current one first.
  await fresh.fill('password1!');
  await again.fill('password1!');
  await wrong(false, false, false);
  await send();
  await isWrong(now, true);
  await page.getByText(`This is not your ${currentLabel.toLowerCase()}. Several wrong ones in a row sign you out.`).waitFor();
  await wrong(true, false, false);
  await looksRight(page, `${picture}-wrong`);
  await now.fill(current);
  await wrong(false, false, false);

  // Our advice lets this pass, and the server's dictionary does not.
  await send();
  await isWrong(fresh, true);
  await wrong(false, true, false);
  assert.equal(await page.getByText(/^New ?password:/i).count(), 0);
  assert.equal(await page.getByText(/^Long enough/).count(), 0);
  await looksRight(page, `${picture}-weak`);
  await fresh.fill('harbour quince tundra 9');
  await wrong(false, false, true);
  await again.fill('harbour quince tundra 9');
  await wrong(false, false, false);
  await send();
}

browserStory('changing the password: what is wrong stands at each field, and goes when it is corrected', async ({ page, person, expect }) => {
  for (const status of [400, 401]) expect(status, '/api/v1/me/password');
  await person.arrive('/me/password', 'Password', ADMINISTRATOR, ADMINISTRATORS_PASSWORD);
  await triesPasswords(page, 'Current password', ADMINISTRATORS_PASSWORD, 'change-password');
  await page.getByText('Your password was changed. You are signed out everywhere else.').first().waitFor();
  for (const label of ['Current password', 'New password', 'Repeat new password']) assert.equal(await field(page, label).inputValue(), '');
});

browserStory('several wrong current passwords sign one out: it is said beforehand, and afterwards why', async ({ page, person, expect }) => {
  expect(400, '/api/v1/me/password');
  // The last one ends the session for whatever the page reads.
  expect(401);
  await person.arrive('/me/password', 'Password', ADMINISTRATOR, ADMINISTRATORS_PASSWORD);
  const send = async () => {
    const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/api/v1/me/password');
    await field(page, 'Current password').fill('not-the-Password-1');
    await page.getByRole('button', { name: 'Change password' }).click();
    return (await answered).status();
  };
  await field(page, 'New password').fill('harbour quince tundra 9');
  await field(page, 'Repeat new password').fill('harbour quince tundra 9');
  assert.equal(await send(), 400);
  await page.getByText('This is not your current password. Several wrong ones in a row sign you out.').waitFor();
  await looksRight(page, 'wrong-current-password');
  for (const status of [400, 400, 400, 401]) assert.equal(await send(), status);
  await page.getByText('You were signed out').first().waitFor();
  await page.getByText('The current password was wrong several times in a row.').first().waitFor();
  await looksRight(page, 'signed-out-by-wrong-passwords');
});

browserStory('the new password at sign-in: what is wrong stands at each field, and goes when it is corrected', async ({ page, person, api, expect }) => {
  const ana = await api.user(ANA);
  for (const status of [400, 401]) expect(status, '/api/v1/me/password');
  await page.goto('/');
  await person.signIn(ana.email, ana.password);
  await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
  await triesPasswords(page, 'Temporary password', ana.password, 'forced-password');
  await page.getByText('You have no access here yet').first().waitFor();
});
