// Access, Check access: may someone do something in a scope, and why; who may; and what all someone may do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ADMINISTRATOR } from './server.js';
import { browserStory, eventually, looksRight, story } from './browser.js';

const ANA = 'ana@example.com';
const DORA = 'dora@example.com';

story('an administrator reads why someone may not, mends it, and reads why they may', async ({ page, api, person }) => {
  const { research } = await api.organisation();
  await api.user(ANA);
  await person.arrive('/access/users', 'Users');
  await person.select(ANA);
  await page.getByRole('link', { name: 'Check access' }).and(page.locator('[class*=button]')).click();
  await page.getByRole('heading', { name: 'Check access', level: 1 }).waitFor();
  await page.getByText('Choose who, what and where.').first().waitFor();
  assert.equal(parameters(page).subject, `user:${ANA}`);
  await looksRight(page, 'check-access');

  await choose(page, 'May', 'create workspaces');
  await choose(page, 'In', 'research');
  await answer(page, `${ANA} may not create workspaces in research`);
  await page.getByText(`No access rule permits this.`).first().waitFor();
  await looksRight(page, 'check-access-denied');

  // The first of the smallest rules, made by its button.
  const make = page.getByRole('button', { name: new RegExp(`^Add this rule: ${ANA} has `) }).first();
  const [, role] = / has (.*) in research$/.exec(await make.getAttribute('aria-label'));
  await make.click();
  const dialog = person.dialog(`New access rule for ${ANA}`);
  await dialog.getByText(role, { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Remove research' }).waitFor();
  await looksRight(page, 'check-access-mended');
  await person.button('Save rule').click();
  await answer(page, `${ANA} may create workspaces in research`);
  assert.deepEqual(await api.rulesOf(ANA), [`${role} in research`]);
  await page.getByText(new RegExp(`^Rule \\d+: ${ANA} has ${role} in research\\.$`)).waitFor();
  await looksRight(page, 'check-access-allowed');

  // A link that is sent shows the same, and the rule is found in the list of all.
  const question = parameters(page);
  assert.deepEqual(question, { subject: `user:${ANA}`, can: 'workspaces:create', scope: `department:${research.scopeId}` });
  await page.reload();
  await answer(page, `${ANA} may create workspaces in research`);
  await page.getByRole('link', { name: /^Rule \d+$/ }).click();
  await eventually(() => page.locator('tbody tr th').allInnerTexts(), [ANA]);
  await page.goBack();
  await answer(page, `${ANA} may create workspaces in research`);

  // What is inherited says from where; who is disabled may nothing, whatever their rules say.
  await choose(page, 'In', 'vision');
  await answer(page, `${ANA} may create workspaces in vision`);
  await page.getByText(new RegExp(`${role} in research, inherited from the department research`)).waitFor();
  const { id } = (await api.get('/api/v1/users?search=ana')).find(({ username }) => username === ANA);
  await api.send(`/api/v1/users/${id}/disable`);
  await person.button('Ask again').click();
  await answer(page, `${ANA} may not create workspaces in vision`);
  await page.getByText(`${sentence(`${ANA} is disabled`)}`).waitFor();
  await page.getByRole('heading', { name: 'These access rules have no effect now' }).waitFor();

  // Whom no rule permits it needs enabling first, and is offered no rule before.
  await choose(page, 'May', 'create users');
  await page.getByText(`Once enabled, ${ANA} also needs an access rule: ask again then.`).first().waitFor();
  await page.getByRole('heading', { name: `${ANA} must be enabled first` }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^Add this rule/ }).count(), 0);
  await looksRight(page, 'check-access-disabled');
  await choose(page, 'May', 'create workspaces');
  await person.button('Enable this user').click();
  await person.dialog(`Enable ${ANA}?`).getByRole('button', { name: 'Enable' }).click();
  await answer(page, `${ANA} may create workspaces in vision`);
});

story('a department administrator is told what they may know, in their department', async ({ page, api, person, expect }) => {
  const dora = await api.person(DORA);
  const { account, research, sales, cluster } = await api.organisation();
  await api.rule(DORA, 'Department administrator', research);
  await api.rule(ANA, 'Viewer', account);
  await page.goto(address({ subject: `user:${ANA}`, can: 'workspaces:read', scope: keyOf(research) }));
  await person.signIn(dora.email, dora.password);
  await answer(page, `${ANA} may view workspaces in research`);
  await page.getByText('1 access rule that you cannot see.').first().waitFor();
  await looksRight(page, 'check-access-partly');

  // A rule that they may not make has no button, and says why.
  await page.goto(address({ subject: `user:${ANA}`, can: 'users:create', scope: keyOf(research) }));
  await answer(page, `${ANA} may not create users in research`);
  await page.getByText('You may not give this role in research. Ask an administrator who may.').first().waitFor();
  assert.equal(await page.getByRole('button', { name: /^Add this rule/ }).count(), 0);
  const { fixes } = (await api.post('/access/v1/evaluation', asked(ANA, 'users:create', research))).context;
  await page.goto(address({ subject: `user:${ANA}`, can: 'users:create', scope: keyOf(research), dialog: `rule:${fixes[0].roleId}` }));
  await answer(page, `${ANA} may not create users in research`);
  assert.equal(await page.getByRole('dialog').count(), 0);

  // A scope that one may not see does not exist.
  expect(404, `/api/v1/org-unit/departments/${sales.scopeId}`);
  await page.goto(address({ subject: `user:${ANA}`, can: 'workspaces:read', scope: keyOf(sales) }));
  await page.getByText(`There is no department ${sales.scopeId} you can see.`).first().waitFor();

  // Who can: the subjects, with those of their rules that the caller sees.
  await page.goto(address({ tab: 'who', can: 'workspaces:read', scope: keyOf(research) }));
  const who = page.getByRole('grid', { name: 'Who can view workspaces in research' });
  await who.getByRole('row', { name: /dora@example\.com.*Department administrator in research/ }).waitFor();
  await who.getByRole('row', { name: /ana@example\.com.*None you can see/ }).waitFor();
  await looksRight(page, 'who-can-partly');
  expect(403, '/access/v1/search/subject');
  await page.goto(address({ tab: 'who', can: 'workspaces:read', scope: keyOf(cluster) }));
  await page.getByText('You may not see who can view workspaces in berlin').first().waitFor();
  await looksRight(page, 'who-can-above');
  expect(403, '/access/v1/evaluation');
  await page.goto(address({ subject: `user:${ANA}`, can: 'workspaces:read', scope: keyOf(cluster) }));
  await page.getByText(`You may not see what ${ANA} can do in berlin`).first().waitFor();
});

story('a viewer asks about themselves, and is told nothing of others', async ({ page, api, person, expect }) => {
  const vic = await api.person('vic@example.com');
  const { research } = await api.organisation();
  await api.rule(vic.email, 'Viewer', research);
  await page.goto('/access/check');
  await person.signIn(vic.email, vic.password);
  await page.getByRole('tab', { name: 'What can they do' }).waitFor();
  assert.equal(await page.getByRole('tab', { name: 'Who can' }).count(), 0);
  assert.equal(await page.getByLabel('Email').inputValue(), vic.email);
  await choose(page, 'May', 'view workspaces');
  await choose(page, 'In', 'research');
  await answer(page, 'You may view workspaces in research');
  await page.getByText(/^Rule \d+: You have Viewer in research\.$/).first().waitFor();
  await choose(page, 'May', 'create workspaces');
  await answer(page, 'You may not create workspaces in research');
  await page.getByText('You may not give this role in research. Ask an administrator who may.').first().waitFor();
  await looksRight(page, 'check-access-of-a-viewer');

  await page.getByLabel('Email').fill(ADMINISTRATOR);
  await page.keyboard.press('Enter');
  await page.getByText(`You may not see what ${ADMINISTRATOR} can do`).first().waitFor();
});

browserStory('a link about others tells a viewer what they may not see, and what they can do', async ({ page, api, person, expect }) => {
  const vic = await api.person('vic@example.com');
  const { research, sales } = await api.organisation();
  await api.rule(vic.email, 'Viewer', research);
  const question = { subject: `user:${ANA}`, can: 'workspaces:read', scope: keyOf(research) };
  await page.goto(address(question));
  await person.signIn(vic.email, vic.password);
  const told = async (what) => {
    await page.getByText(`You may not see ${what}`, { exact: true }).waitFor();
    await page.getByText('Ask an administrator, who can see it by the same link.').first().waitFor();
  };
  await told(`what ${ANA} can do`);
  await looksRight(page, 'check-access-of-others');
  expect(404, `/api/v1/org-unit/departments/${sales.scopeId}`);
  for (const parts of [{ subject: question.subject }, { ...question, tab: 'what' }, { ...question, scope: keyOf(sales) }, { ...question, subject: 'group:ml-team' }]) {
    await page.goto(address(parts));
    await told(`what ${parts.subject.split(':')[1]} can do`);
  }
  await page.goto(address({ ...question, tab: 'who' }));
  await told('who can do this');
  await looksRight(page, 'who-can-of-a-viewer');
  await page.getByRole('tabpanel').getByRole('link', { name: 'My access' }).click();
  await page.getByText('You have Viewer in research').first().waitFor();

  // A word that names no subject does not become the reader.
  await page.goto(address({ ...question, subject: 'nobody' }));
  await page.getByText('Choose who, what and where.').first().waitFor();
  assert.equal(await page.getByText(/^You may/).count(), 0);
});

story('all who can are there, page by page and in the file', async ({ page, api, person }) => {
  const { research, cluster } = await api.organisation();
  const names = Array.from({ length: 131 }, (_, index) => `person-${String(index).padStart(3, '0')}@example.com`);
  const { id: roleId } = (await api.get('/api/v1/authorization/roles')).find(({ name }) => name === 'Viewer');
  for (let start = 0; start < names.length; start += 10) {
    const subjects = names.slice(start, start + 10).map((subjectId) => ({ subjectId, subjectType: 'user' }));
    await api.post('/api/v1/authorization/access-rules/batch-create', { payload: { subjects, roleId, scopes: [research] } });
  }
  await api.rule('ml-team', 'Viewer', cluster, 'group');
  await page.goto(`/organisation/scopes?scope=${encodeURIComponent(keyOf(research))}`);
  await person.signIn();
  await page.getByRole('link', { name: 'Check access' }).and(page.locator('[class*=button]')).click();
  await page.getByRole('tab', { name: 'Who can' }).click();
  await choose(page, 'May', 'view workspaces');
  const who = page.getByRole('grid', { name: 'Who can view workspaces in research' });
  await page.getByRole('heading', { name: 'Who can view workspaces in research (132)' }).waitFor();
  const shown = () => who.locator('tbody tr th').allInnerTexts();
  await eventually(shown, [ADMINISTRATOR, ...names.slice(0, 49)]);
  await looksRight(page, 'who-can');
  await page.getByRole('button', { name: 'Page 3' }).click();
  await eventually(shown, names.slice(99));
  assert.equal(parameters(page).page, '3');
  await page.reload();
  await eventually(shown, names.slice(99));

  // A page that does not exist is the last one.
  await page.goto(address({ ...parameters(page), page: '7' }));
  await eventually(shown, names.slice(99));

  // The columns are chosen, and the file has them, with everybody.
  await person.button('Columns').click();
  await page.getByRole('dialog').getByRole('checkbox', { name: 'Why' }).uncheck({ force: true });
  await person.button('Apply').click();
  await who.getByRole('columnheader', { name: 'Why' }).waitFor({ state: 'detached' });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Download as CSV' }).click();
  const lines = readFileSync(await (await download).path(), 'utf8').slice(0, -2).split('\r\n');
  assert.equal(lines[0], '\uFEFFSubject,By access rule(s),Inherited,Through groups');
  assert.deepEqual(lines.slice(2).map((line) => line.split(',')[0]), names);
  assert.equal(lines[2], `${names[0]},Viewer in research,No,`);
  await page.getByText('Downloaded who-can.csv.').first().waitFor();

  // A part of the name narrows them, on the server; the address and the file go by it.
  await page.getByPlaceholder('Search by name').fill('Son-12');
  await eventually(shown, names.slice(120, 130));
  await page.getByRole('heading', { name: 'Who can view workspaces in research (10)' }).waitFor();
  assert.equal(parameters(page).search, 'Son-12');
  assert.equal(parameters(page).page, undefined);
  await looksRight(page, 'who-can-of-a-name');
  const narrowed = page.waitForEvent('download');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Download as CSV' }).click();
  const ten = readFileSync(await (await narrowed).path(), 'utf8').slice(0, -2).split('\r\n');
  assert.deepEqual(ten.slice(1).map((line) => line.split(',')[0]), names.slice(120, 130));
  await page.reload();
  await eventually(shown, names.slice(120, 130));
  await page.getByPlaceholder('Search by name').fill('nobody');
  await page.getByText('No names match.').first().waitFor();
  await page.getByPlaceholder('Search by name').fill('');
  await eventually(async () => parameters(page).search, undefined);

  // Groups, and from one of them on to why.
  await choose(page, 'Subject type', 'Group');
  await eventually(() => page.getByRole('grid').locator('tbody tr').allInnerTexts().then((rows) => rows.map((row) => row.split(/\t|\n/)[0])), ['ml-team']);
  assert.equal(parameters(page).of, 'group');
});

story('what someone can do is a tree of scopes, each with its entities', async ({ page, api, person }) => {
  const { cluster, research, vision } = await api.organisation();
  await api.rule(ANA, 'Viewer', cluster);
  await api.rule(ANA, 'Project administrator', vision);
  await person.arrive(address({ tab: 'what', subject: `user:${ANA}` }), 'Check access');
  const where = page.getByRole('treegrid', { name: 'Where' });
  const may = page.getByRole('treegrid', { name: `What ${ANA} can do` });
  const projects = () => may.getByRole('row', { name: /^Projects/ }).getByRole('img', { name: 'Yes' }).count();
  await where.getByRole('row', { name: /vision/ }).waitFor();
  await page.getByText('In berlin.', { exact: true }).waitFor();
  await eventually(projects, 1);
  await looksRight(page, 'what-can');
  await where.getByRole('radio', { name: 'Show vision' }).check({ force: true });
  await page.getByText('In vision.', { exact: true }).waitFor();
  await eventually(async () => (await projects()) > 1, true);
  assert.equal(parameters(page).scope, keyOf(vision));

  // A scope where nothing changes: it is as above it.
  await choose(page, 'In', 'research');
  await page.getByText('In research, the same as in berlin.').first().waitFor();
  assert.equal(parameters(page).scope, keyOf(research));
  await eventually(projects, 1);

  await page.getByPlaceholder('Search entities').fill('projects');
  await may.getByRole('row', { name: /^Departments/ }).waitFor({ state: 'detached' });
  await page.getByPlaceholder('Search entities').fill('no such thing');
  await page.getByText('No permissions match.').first().waitFor();
  assert.equal(parameters(page).search, 'no such thing');
  await page.reload();
  await page.getByText('No permissions match.').first().waitFor();

  // Someone who is nobody.
  await page.goto(address({ tab: 'what', subject: 'group:nobodies' }));
  await page.getByRole('treegrid', { name: 'Where' }).getByText('None.').waitFor();
  await page.getByRole('treegrid', { name: 'What nobodies can do' }).getByText('No permissions.').waitFor();
});

browserStory('the rules of those who can are shown whole, and what is still read claims nothing', async ({ page, api, person }) => {
  const { research, vision } = await api.organisation();
  const catherine = 'catherine.okonkwo@example.com';
  await api.rule(catherine, 'Department administrator', research);
  await api.rule(catherine, 'Department viewer', research);
  await page.goto(address({ tab: 'who', can: 'project:read', scope: keyOf(vision) }));
  await person.signIn();
  const row = page.getByRole('row', { name: new RegExp(catherine) });
  await row.getByText('Department administrator in research; Department viewer in research').waitFor();
  const cut = await row.locator('*').evaluateAll((all) => all.filter((one) => getComputedStyle(one).textOverflow === 'ellipsis' && one.scrollWidth > one.clientWidth).map((one) => one.innerText));
  assert.deepEqual(cut, []);

  let answer;
  const gate = new Promise((resolve) => (answer = resolve));
  await page.route(
    (url) => url.pathname === '/api/v1/authorization/effective-permissions',
    async (route) => {
      await gate;
      await route.fallback();
    },
  );
  await page.goto(address({ tab: 'what', subject: `user:${catherine}` }));
  await page.getByText('Loading permissions').first().waitFor();
  for (const claim of ['No permissions.', 'None you can see.']) assert.equal(await page.getByText(claim).count(), 0, claim);
  answer();
  await page.getByRole('treegrid', { name: `What ${catherine} can do` }).getByRole('row', { name: /^Projects/ }).waitFor();
});

story('from a role one asks about what it permits', async ({ page, api, person }) => {
  const { id } = (await api.get('/api/v1/authorization/roles')).find(({ name }) => name === 'Viewer');
  await person.arrive(`/access/roles/${id}`, 'Viewer');
  await page.getByRole('link', { name: 'Check access' }).and(page.locator('[class*=button]')).click();
  await page.getByText('Only permissions of the role Viewer are offered.').first().waitFor();
  await page.getByRole('button', { name: /^May/ }).click();
  await page.getByLabel('Search what can be permitted').fill('workspaces');
  await page.getByRole('option', { name: 'view workspaces', exact: true }).waitFor();
  assert.equal(await page.getByRole('option', { name: 'create workspaces', exact: true }).count(), 0);
  await page.keyboard.press('Escape');
  await looksRight(page, 'check-access-from-a-role');
  await person.button('Offer everything').click();
  await page.getByRole('button', { name: /^May/ }).click();
  await page.getByLabel('Search what can be permitted').fill('create works');
  await page.getByRole('option', { name: 'create workspaces', exact: true }).waitFor();
});

story('the whole question is asked by keyboard alone', async ({ page, api, person }) => {
  await api.organisation();
  await api.user(ANA);
  await person.arrive('/access/check', 'Check access');
  const { keyboard } = page;
  await page.getByRole('tab', { name: 'Check' }).focus();
  await keyboard.press('Tab');
  // Past the panel, which can be scrolled, to the type of subject and to the name.
  await focused(page, /^Subject type/);
  await keyboard.press('Tab');
  await focused(page, /^Email/);
  await keyboard.type('ana');
  await page.getByRole('option', { name: ANA }).waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await eventually(async () => parameters(page).subject, `user:${ANA}`);
  await focused(page, /^May/);
  await keyboard.press('Enter');
  await keyboard.type('create works');
  await page.getByRole('option', { name: 'create workspaces', exact: true }).waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await focused(page, /^In/);
  await keyboard.press('Enter');
  // One begins to search at once; the tree behind it is one stop.
  await page.getByLabel('Search by name').waitFor();
  await focused(page, /^Search by name/);
  await keyboard.type('vision');
  await page.getByRole('tree').getByText('berlin / research').waitFor();
  await focused(page, /^vision/);
  await keyboard.press('ArrowRight');
  await keyboard.press('Enter');
  await answer(page, `${ANA} may not create workspaces in vision`);
  await focused(page, /^In vision/);
  // Or goes down the tree.
  await keyboard.press('Enter');
  await page.getByRole('tree').getByText('research', { exact: true }).waitFor();
  await looksRight(page, 'choose-a-scope', { widths: [1440] });
  await focused(page, /^Close /);
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await keyboard.press(key);
  await focused(page, /^Open research/);
  await keyboard.press('Enter');
  await page.getByRole('tree').getByText('vision', { exact: true }).waitFor();
  await keyboard.press('ArrowRight');
  await focused(page, /^research/);
  await keyboard.press('Enter');
  await answer(page, `${ANA} may not create workspaces in research`);
});

/** Presses Tab until what has the focus is called so. */
async function focused(page, name) {
  const nameOfFocused = () =>
    page.evaluate(() => {
      const element = document.activeElement;
      const labels = (element?.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '');
      return `${labels.join(' ')} ${element?.getAttribute('aria-label') ?? ''} ${element?.labels?.[0]?.textContent ?? ''}`.trim() || element?.textContent;
    });
  for (let tries = 0; tries < 8; tries += 1) {
    if (name.test(await nameOfFocused())) return;
    await page.keyboard.press('Tab');
  }
  assert.match(await nameOfFocused(), name);
}

/** Chooses from a list that opens below its label. */
async function choose(page, label, option) {
  await page.getByRole('button', { name: new RegExp(`^${label}`) }).click();
  if (label === 'In') {
    const scopes = page.getByRole('dialog', { name: 'Choose a scope' });
    await scopes.getByLabel('Search by name').fill(option);
    await scopes.getByRole('button', { name: option, exact: true }).click();
    return scopes.waitFor({ state: 'detached' });
  }
  // Long lists are drawn as far as one sees them.
  if (label === 'May') await page.getByLabel('Search what can be permitted').fill(option);
  await page.getByRole('option', { name: new RegExp(`^${option}`) }).first().click();
}

async function answer(page, text) {
  await page.getByRole('heading', { name: text, level: 2 }).waitFor();
}

function address(question) {
  return `/access/check?${new URLSearchParams(question)}`;
}

function parameters(page) {
  return Object.fromEntries(new URL(page.url()).searchParams);
}

function keyOf({ scopeType, scopeId }) {
  return `${scopeType}:${scopeId}`;
}

function asked(id, can, scope) {
  const [type, name] = can.split(':');
  return { subject: { type: 'user', id }, action: { name }, resource: { type, id: keyOf(scope) } };
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
}
