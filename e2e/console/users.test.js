// Access, Users: the list and the dialog that makes a user.
import assert from 'node:assert/strict';
import { browserStory, eventually, looksRight, story } from './browser.js';
import { ADMINISTRATOR } from './server.js';

const inList = (page) => page.getByRole('heading', { name: /^Users/ }).waitFor();

story('an administrator makes a user, hands over the credentials, and finds the user in the list', async ({ page, person, context, expect }) => {
  await page.goto('/access/users');
  await person.signIn();
  await inList(page);
  await page.getByRole('button', { name: 'New local user' }).click();
  const dialog = page.getByRole('dialog');
  expect(400, '/api/v1/users');
  await dialog.getByLabel('Email').fill('not an e-mail');
  await dialog.getByRole('button', { name: 'Create' }).click();
  // The refusal stands at the field, and goes when it is corrected; what was typed stays.
  const isWrong = () => dialog.getByLabel('Email').getAttribute('aria-invalid');
  await eventually(isWrong, 'true');
  assert.equal(await dialog.getByRole('button', { name: 'Details' }).count(), 0);
  assert.equal(await dialog.getByLabel('Email').inputValue(), 'not an e-mail');
  await dialog.getByLabel('Email').fill('Ana@');
  await eventually(isWrong, null);

  await dialog.getByLabel('Email').fill('Ana@example.com');
  await dialog.getByRole('button', { name: 'Create' }).dblclick();
  await dialog.getByText('ana@example.com', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Copy all' }).click();
  await page.getByText('Copied').first().waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^Email: ana@example\.com\nTemporary password: \S{12,}$/);
  // Each by itself, too.
  for (const [name, text] of [['email', 'ana@example.com'], ['temporary password', copied.split('Temporary password: ')[1]]]) {
    await dialog.getByRole('button', { name: `Copy ${name}` }).click();
    await page.getByText(`Copied ${name}`).first().waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  }
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByText('ana@example.com created.').first().waitFor();
  await eventually(() => person.users(), ['ana@example.com', ADMINISTRATOR].sort());

  // The password is what was copied.
  await context.clearCookies();
  await page.goto('/sign-in');
  await person.signIn('ana@example.com', copied.split('Temporary password: ')[1]);
  await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
});

story('the dialog works with the keyboard alone', async ({ page, person }) => {
  await page.goto('/access/users');
  await person.signIn();
  await inList(page);
  await page.getByRole('button', { name: 'New local user' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('type')), 'email');
  await page.keyboard.type('kim@example.com');
  await page.keyboard.press('Enter');
  const done = page.getByRole('button', { name: 'Done' });
  await done.waitFor();
  const isFocused = () => done.evaluate((button) => button === document.activeElement);
  for (let presses = 0; presses < 10 && !(await isFocused()); presses += 1) await page.keyboard.press('Tab');
  assert.ok(await isFocused(), 'Done cannot be reached by Tab');
  await page.keyboard.press('Enter');
  await page.getByText('kim@example.com created.').first().waitFor();
});

story('what the list shows is in the address: search, filter, sort, back, reload', async ({ page, person, api }) => {
  for (const name of ['ana', 'ben', 'cleo']) await api.user(`${name}@example.com`);
  await page.goto('/access/users');
  await person.signIn();
  await inList(page);
  const everybody = [ADMINISTRATOR, 'ana@example.com', 'ben@example.com', 'cleo@example.com'];
  await eventually(() => person.users().then((users) => users.sort()), everybody);

  await page.getByRole('columnheader', { name: 'User', exact: true }).getByRole('button').first().click({ force: true });
  await eventually(() => new URL(page.url()).search, '?sortBy=username');
  await eventually(() => person.users(), everybody);
  await page.getByRole('columnheader', { name: 'User', exact: true }).getByRole('button').first().click({ force: true });
  await eventually(() => person.users(), everybody.toReversed());

  await person.enter('cleo');
  await eventually(() => person.users(), ['cleo@example.com']);
  await page.goBack();
  await eventually(() => person.users(), everybody.toReversed());
  await eventually(() => page.getByRole('button', { name: /^Remove/ }).count(), 0);

  await person.enter('User : a');
  await eventually(() => new URL(page.url()).searchParams.get('filterBy'), 'username=@a');
  await page.goto('/access/users?filterBy=username%3D%5Ea,isLocal%3D%3Dtrue&sortBy=username');
  await eventually(() => person.users(), [ADMINISTRATOR, 'ana@example.com']);
  await page.reload();
  await eventually(() => person.users(), [ADMINISTRATOR, 'ana@example.com']);
  await page.getByText('2 match').first().waitFor();
  await page.getByText('Type = Local').first().waitFor();
  await looksRight(page, 'users');
});

story('a filter that the server refuses is told in the words of the list, and cleared where it is shown', async ({ page, person, expect }) => {
  for (const path of ['/api/v1/users', '/api/v1/users/count']) expect(400, path);
  await page.goto('/access/users?filterBy=nonsense');
  await person.signIn();
  await page.getByText('This list has no condition “nonsense”.').first().waitFor();
  await page.getByText('Filter in the address:').first().waitFor();
  await looksRight(page, 'users-unreadable-filter');
  await person.button('Clear filter').first().click();
  await eventually(() => person.users(), [ADMINISTRATOR]);
  assert.equal(new URL(page.url()).search, '');
  await page.goto('/access/users?filterBy=lastLogin%3E%3Dsoon&sortBy=nonsense');
  await page.getByText('“soon” is not a value for Last login. Choose a day.').first().waitFor();
  assert.equal(await person.button('Try again').count(), 0);
  await page.goto('/access/users?filterBy=isLocal%3D%3Dmaybe');
  await page.getByText('“maybe” is not a value for Type. Choose Local or SSO.').first().waitFor();
  // What is cleared is what was refused.
  await page.goto(`/access/users?filterBy=isLocal%3D%3Dtrue&search=${'a'.repeat(300)}`);
  await person.button('Clear search').click();
  await eventually(() => person.users(), [ADMINISTRATOR]);
  assert.equal(new URL(page.url()).search, '?filterBy=isLocal%3D%3Dtrue');
});

story('the list can be downloaded', async ({ page, person, api }) => {
  await api.user('ana@example.com');
  await api.rule('ana@example.com', 'Viewer', (await api.organisation()).research);
  await page.goto('/access/users?search=ana');
  await person.signIn();
  await inList(page);
  await page.getByRole('button', { name: 'More' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^Download as CSV/ }).click()]);
  const { readFileSync } = await import('node:fs');
  const lines = readFileSync(await file.path(), 'utf8').split('\r\n');
  assert.equal(lines[0], '\uFEFFUser,Type,Last login,Access rule(s),Created by,Creation time,Last updated');
  assert.match(lines[1], /^ana@example\.com,Local,,1,admin@example\.com,/);
  await page.getByText('Downloaded users.csv.').first().waitFor();
});

story('users are filtered by where they have access, and the scope is chosen by its name', async ({ page, person, api }) => {
  for (const name of ['ana', 'ben']) await api.user(`${name}@example.com`);
  const { research, sales } = await api.organisation();
  await api.rule('ana@example.com', 'Viewer', research);
  await api.rule('ben@example.com', 'Viewer', sales);
  await person.arrive('/access/users', 'Users');
  await page.getByRole('combobox', { name: 'Search users by email or name' }).fill('Has access in');
  await page.getByRole('option', { name: /^Has access in =/ }).first().click();
  await page.getByRole('tree', { name: 'Scopes' }).getByRole('button', { name: 'sales', exact: true }).waitFor();
  await page.getByPlaceholder('Search by name').fill('resea');
  await page.getByRole('tree').getByText('sales').waitFor({ state: 'detached' });
  await page.getByRole('tree').getByRole('button', { name: 'research', exact: true }).click();
  await page.getByRole('button', { name: 'research, selected' }).waitFor();
  await looksRight(page, 'filter-by-scope', { except: ['aria-valid-attr-value'], widths: [1440] });
  await page.getByRole('button', { name: 'Apply' }).click();
  await eventually(() => person.users(), [ADMINISTRATOR, 'ana@example.com']);
  assert.equal(new URL(page.url()).searchParams.get('filterBy'), `accessIn==department:${research.scopeId}`);
  await page.getByText('Has access in = research').first().waitFor();
  await looksRight(page, 'users-with-access');
  await page.reload();
  await page.getByText('Has access in = research').first().waitFor();
});

browserStory('users are filtered by a day in words: on it, from it on, before it', async ({ page, person, server }) => {
  const at = (day, hour = 0) => Date.UTC(2026, 0, day, hour);
  await server.crowd([['ana', at(1)], ['ben', at(2)], ['cleo', at(2, 23)], ['dan', at(3)]].map(([name, lastLogin]) => ({ email: `${name}@example.com`, lastLogin })));
  await page.goto('/access/users?sortBy=username');
  await person.signIn();
  await eventually(async () => (await person.users()).length, 5);
  await page.getByRole('combobox', { name: 'Search users by email or name' }).fill('Last login');
  await page.getByRole('option', { name: /^Last login before/ }).waitFor();
  assert.equal(await page.getByRole('option', { name: /=/ }).count(), 0);
  await looksRight(page, 'filter-by-day-operators', { except: ['aria-valid-attr-value'], widths: [1440] });
  await page.getByRole('option', { name: /^Last login on/ }).click();
  await page.getByPlaceholder('YYYY/MM/DD').fill('2026/01/02');
  await looksRight(page, 'filter-by-one-day', { except: ['aria-valid-attr-value'], widths: [1440] });
  await person.button('Apply').click();
  await eventually(() => person.users(), ['ben@example.com', 'cleo@example.com']);
  await page.getByText('Last login on 2026-01-02').first().waitFor();
  await page.reload();
  await page.getByText('Last login on 2026-01-02').first().waitFor();
  await page.goto('/access/users?sortBy=username');
  await person.enter('Last login before 2026-01-02');
  await eventually(() => person.users(), ['ana@example.com']);
  await page.goto('/access/users?sortBy=username');
  await person.enter('Last login from 2026-01-03');
  await eventually(() => person.users(), [ADMINISTRATOR, 'dan@example.com']);
});

browserStory('the order of the columns is remembered, and which are shown', async ({ page, person }) => {
  await person.arrive('/access/users', 'Users');
  const columns = () => page.getByRole('columnheader').evaluateAll((found) => found.map((column) => column.innerText.trim().split('\n')[0]).filter((text) => text !== ''));
  await eventually(async () => (await columns()).slice(0, 3), ['User', 'Type', 'Last login']);
  await person.button('Columns').click();
  const dialog = person.dialog('Columns and rows');
  await dialog.getByRole('checkbox', { name: 'Created by' }).uncheck({ force: true });
  // As the keyboard moves it, each step being told.
  await dialog.getByRole('button', { name: 'Drag handle Type' }).focus();
  for (const [key, told] of [['Space', 'Picked up item at position 2 of 7'], ['ArrowDown', 'Moving item to position 3 of 7'], ['Space', 'Item moved from position 2 to position 3 of 7']]) {
    await page.keyboard.press(key);
    await page.getByText(told).first().waitFor({ state: 'attached' });
  }
  await dialog.getByRole('button', { name: 'Apply' }).click();
  const chosen = ['User', 'Last login', 'Type', 'Access rule(s)', 'Creation time', 'Last updated'];
  await eventually(columns, chosen);
  await page.reload();
  await eventually(columns, chosen);
});

browserStory('values to filter by are suggested: roles and people by name, yes and no', async ({ page, person, api }) => {
  await api.user('ana@example.com');
  await api.rule('ana@example.com', 'Viewer', (await api.organisation()).research);
  await person.arrive('/access/users', 'Users');
  const box = page.getByRole('combobox', { name: 'Search users by email or name' });
  const suggested = () => page.getByRole('option').allInnerTexts();
  await person.button('Add filter').click();
  await page.getByRole('option', { name: 'Never signed in' }).click();
  // There is one operator, so the values come at once.
  await eventually(async () => (await suggested()).slice(1), ['Never signed in = Yes', 'Never signed in = No']);
  await box.fill('');
  await box.fill('Created by = adm');
  await page.getByRole('option', { name: `Created by = ${ADMINISTRATOR}` }).waitFor();
  // By the words of the list, too.
  await box.fill('Created by = inst');
  await page.getByRole('option', { name: 'Created by = Installation' }).waitFor();
  await person.enter('Created by = installation');
  await eventually(() => person.users(), [ADMINISTRATOR]);
  assert.equal(new URL(page.url()).searchParams.get('filterBy'), 'createdBy==host');
  await page.getByText('Created by = Installation').first().waitFor();
  await page.goto('/access/users');
  await eventually(async () => (await person.users()).length, 2);
  await box.fill('Created by ');
  await page.getByText('Ends with').waitFor();
  await box.fill('Role = Dept. ad');
  await page.getByRole('option', { name: 'Role = Department administrator' }).waitFor();
  await box.fill('Role = view');
  await page.getByRole('option', { name: 'Role = Viewer' }).waitFor();
  await looksRight(page, 'filter-suggested', { widths: [1440] });
  await page.getByRole('option', { name: 'Role = Viewer' }).click();
  await eventually(() => person.users(), ['ana@example.com']);
});

browserStory('selecting users moves nothing: the actions stay where they are, disabled until they apply', async ({ page, person, api }) => {
  for (const name of ['ana', 'ben']) await api.user(`${name}@example.com`);
  await person.arrive('/access/users?sortBy=username', 'Users');
  await eventually(async () => (await person.users()).length, 3);
  const places = () =>
    page
      .getByRole('button')
      .or(page.getByRole('rowheader'))
      .or(page.getByRole('main').getByRole('link', { name: 'Check access' }))
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ x, y, width }) => [x, y, width]));
  let before = await places();
  // Rows are drawn with a border that takes a pixel from the one before.
  const stayed = async () => (await places()).every((place, index) => place.every((number, part) => Math.abs(number - before[index]?.[part]) <= 1));
  const off = () => page.getByRole('group', { name: 'Actions for selected users' }).getByRole('button', { disabled: true }).allInnerTexts();
  await eventually(off, ['Access rules', 'Add access rule', 'Check access', 'Reset password', 'Account', 'Delete']);
  await person.select('ana@example.com');
  await eventually(off, []);
  await page.getByText('1 selected').first().waitFor();
  assert.ok(await stayed());
  await person.select('ben@example.com');
  await eventually(off, ['Access rules', 'Check access', 'Reset password']);
  assert.ok(await stayed());
  await looksRight(page, 'users-selected');
  for (const width of [1366, 1280, 1200, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto('/access/users?sortBy=username');
    await eventually(async () => (await person.users()).length, 3);
    await page.getByText('People who can sign in.').first().waitFor();
    before = await places();
    await person.select('ana@example.com');
    await page.getByText('1 selected').first().waitFor();
    assert.ok(await stayed(), `at ${width} pixels`);
  }
});

browserStory('all columns are seen at 1440 pixels, nothing of usual length is cut, and all text has one font', async ({ page, person, api }) => {
  const { id } = await api.user('catherine.okonkwo@example.com');
  await api.person('ben@example.com');
  await api.send(`/api/v1/users/${id}/disable`);
  const { research, vision } = await api.organisation();
  await api.rule('catherine.okonkwo@example.com', 'Department administrator', research);
  for (const role of ['Viewer', 'Editor']) await api.rule('catherine.okonkwo@example.com', role, vision);
  await person.arrive('/access/users', 'Users');
  const row = page.getByRole('row', { name: /catherine/ });
  await row.getByText('Dept. admin · research').waitFor();
  await row.getByText('Disabled', { exact: true }).waitFor();
  await row.getByText('Temporary password', { exact: true }).waitFor();
  await row.getByText('+2').waitFor();
  const beyond = () => page.getByRole('columnheader').evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.innerText));
  assert.deepEqual(await beyond(), []);
  const cut = await page.locator('table *').evaluateAll((all) =>
    all.filter((one) => getComputedStyle(one).textOverflow === 'ellipsis' && one.scrollWidth > one.clientWidth).map((one) => one.innerText),
  );
  assert.deepEqual(cut, []);
  // Whose password is their own has no mark.
  assert.equal(await page.getByRole('row', { name: /ben@/ }).getByText(/password/).count(), 0);
  await looksRight(page, 'users-marked', { widths: [1440] });
  // The exact time is read out, and shown in a cell that has the focus.
  const time = row.locator('time').first();
  assert.match(await time.getAttribute('title'), /\d{4} at \d{2}:\d{2}:\d{2}/);

  for (const path of ['/access/users', '/access/rules', '/access/users?dialog=new-user', '/me/access']) {
    await page.goto(path);
    await page.getByRole(path.includes('dialog=') ? 'dialog' : 'heading').first().waitFor();
    await page.waitForLoadState('networkidle');
    const fonts = await page.evaluate(() => {
      const texts = [...document.querySelectorAll('body *')].filter((one) => one.tagName === 'INPUT' || [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== ''));
      return [...new Set(texts.filter((one) => !one.closest('code, pre')).map((one) => getComputedStyle(one).fontFamily))];
    });
    assert.equal(fonts.length, 1, `${path}: ${fonts.join(' | ')}`);
  }
});

browserStory('what succeeded is told over the page, moves nothing, and leaves by itself; what is read stays', async ({ page, person }) => {
  await person.arrive('/access/users', 'Users');
  await eventually(async () => (await person.users()).length, 1);
  const place = () => page.getByRole('rowheader', { name: ADMINISTRATOR }).evaluate((row) => row.getBoundingClientRect().y);
  const before = await place();
  const download = async () => {
    await person.button('More').click();
    await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^Download as CSV/ }).click()]);
  };
  await page.clock.install();
  await download();
  const notices = page.getByRole('region', { name: 'Notices' });
  const told = notices.getByText('Downloaded users.csv.');
  await told.first().waitFor();
  assert.equal(await place(), before);
  await notices.getByRole('button', { name: 'Close' }).hover();
  await looksRight(page, 'notice', { widths: [1440] });
  await page.clock.fastForward('00:20');
  await told.first().waitFor();
  await page.mouse.move(0, 0);
  await page.clock.fastForward('00:04');
  await told.first().waitFor();
  await page.clock.fastForward('00:02');
  await told.first().waitFor({ state: 'detached' });
  // A pointer that rests where it appears reads nothing.
  await page.mouse.move(1300, 850);
  await person.button('More').press('Enter');
  await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^Download as CSV/ }).press('Enter')]);
  await told.first().waitFor();
  assert.ok(await notices.evaluate((all) => all.matches(':hover')));
  await page.clock.fastForward('00:06');
  await told.first().waitFor({ state: 'detached' });
});
