// Lists at the widths that people have, in the sample organization: what is seen of them, and what is cut.
import assert from 'node:assert/strict';
import { browserStory, eventually, pictures, sampleStory } from './browser.js';

const LISTS = [['/access/users?size=100', 'Users'], ['/access/rules?size=100', 'Access rules']];

sampleStory('lists fit 1440 pixels, use all of 1920, and keep the names in view at 390', async ({ page, person, api }) => {
  await person.arrive('/access/users', 'Users');
  const show = async (path, width) => {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(path);
    await eventually(async () => (await page.getByRole('rowheader').count()) > 20, true);
  };
  const table = page.locator('.list table').filter({ has: page.locator('tbody') });
  for (const [path] of LISTS) {
    await show(path, 1440);
    const cells = await table.locator('xpath=..').evaluate((room) => room.scrollWidth - room.clientWidth);
    assert.ok(cells <= 0, `${path} is ${cells} pixels too wide`);
    assert.deepEqual(await cut(page), []);
    // As long as it may be, for those who signed in within the hour.
    await page.locator('.list tbody time > :first-child').evaluateAll((all) => all.forEach((one) => (one.textContent = '48 minutes ago')));
    assert.deepEqual(await cut(page), []);
    // Text that is a fraction of a pixel too wide is cut, too, and no whole number says so.
    const titles = await page.getByRole('columnheader').evaluateAll((all) =>
      all.filter((one) => one.getBoundingClientRect().width > 0 && one.innerText.trim() !== '').map((one) => {
        const text = document.createRange();
        const box = [...one.querySelectorAll('*')].find((part) => getComputedStyle(part).textOverflow === 'ellipsis');
        text.selectNodeContents(box);
        return { title: one.innerText.trim(), over: text.getBoundingClientRect().width - box.getBoundingClientRect().width };
      }),
    );
    assert.deepEqual(titles.filter(({ over }) => over > 0), []);
    await show(path, 1920);
    assert.ok((await table.boundingBox()).width > 1600);
    await show(path, 390);
    const name = page.getByRole('rowheader').first();
    const before = await name.boundingBox();
    await table.locator('xpath=..').evaluate((room) => {
      room.scrollLeft = 400;
    });
    await eventually(async () => (await page.getByRole('columnheader', { name: 'Last updated' }).first().boundingBox()).x < 900, true);
    assert.deepEqual(await name.boundingBox(), before);
  }

  // Names that begin alike are told apart however long their words are.
  for (const last of ['alpha', 'bravo']) await api.post('/api/v1/users', { email: `machinelearninginfrastructureautomation${last}@meridian.example` });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('/access/users?search=machinelearning');
  await eventually(async () => page.getByRole('rowheader').count(), 2);
  assert.deepEqual(await cut(page), []);

  // Nothing moves when rows are selected, not even by a pixel.
  await show('/access/users?size=100', 1440);
  const tops = () => page.locator('.list tbody tr').evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top));
  const before = await tops();
  await page.getByRole('checkbox').nth(2).click();
  await page.getByRole('checkbox').nth(1).click();
  assert.deepEqual(await tops(), before);

  // No email breaks within a word.
  const users = await api.get('/api/v1/users?search=meridian&limit=5&filterBy=isLocal%3D%3Dfalse');
  for (const ids of [users.slice(0, 1), users]) {
    await page.goto(`/access/users?dialog=delete:${ids.map(({ id }) => id).join(',')}`);
    await page.getByRole('button', { name: 'Disable instead' }).waitFor();
    assert.deepEqual(await page.getByRole('dialog').evaluate(brokenWords), []);
    await pictures(page, `delete-${ids.length}-sample`);
    await page.setViewportSize({ width: 390, height: 900 });
  }
});

sampleStory('words do not break: results, advice and titles', async ({ page, person, api, expect }) => {
  await person.arrive('/access/rules', 'Access rules');
  const account = (await api.get('/api/v1/authorization/access-rules?limit=1')).accessRules[0].tenantId;


  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const gone = await api.rule('sys4@example.com', 'Viewer', { scopeType: 'tenant', scopeId: String(account) });
    const kept = await api.rule('sys5@example.com', 'System administrator', { scopeType: 'tenant', scopeId: String(account) });
    await page.goto(`/access/rules?dialog=delete:${gone.id},${kept.id}`);
    const dialog = person.dialog('Delete 2 access rules?');
    await dialog.getByText(/sys5@/).waitFor();
    await api.remove(`/api/v1/authorization/access-rules/${gone.id}`);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    const result = person.dialog('1 of 2 access rules deleted');
    await result.getByText('There is no such access rule; it may have been deleted.').waitFor();
    assert.deepEqual(await result.evaluate(brokenWords), []);
    await result.getByRole('button', { name: 'Close', exact: true }).last().click();
  }
  await page.goto('/me/password');
  await page.getByLabel('New password', { exact: true }).fill('meadow-Lantern-31-orbit');
  await page.getByText('Long enough.').waitFor();
  assert.deepEqual(await page.getByRole('main').evaluate(brokenWords), []);
  await page.goto('/access/check?tab=what&subject=user:julia.hartmann@meridian.example');
  const title = page.getByRole('heading', { name: /^What julia/ });
  await title.waitFor();
  assert.deepEqual(await title.evaluate(brokenWords), []);
});

browserStory('roles fit the widths that people have, and no word of theirs breaks', async ({ page, person, api }) => {
  const { id } = await api.post('/api/v2/authorization/roles', { name: 'Watcher', permissions: [{ resourceType: 'project', actions: ['read'] }] });
  await person.arrive('/access/roles', 'Roles');
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const [path, name] of [['', 'Roles'], [`/${id}`, 'Watcher'], ['/custom/new', 'New role'], [`/${id}/edit`, 'Edit Watcher']]) {
      await page.goto(`/access/roles${path}`);
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await page.getByRole('row').nth(3).waitFor();
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(beyond <= 0, `${name} is ${beyond} pixels wider than a window of ${width}`);
      assert.deepEqual(await page.getByRole('main').evaluate(brokenWords), [], `${name} at ${width}`);
      // All actions are seen beside what they are for, also on a phone.
      const hidden = () => page.getByRole('treegrid', { name: 'Permissions' }).last().locator('xpath=..').evaluate((room) => room.scrollWidth - room.clientWidth);
      if (path.includes('/new') || path.includes('/edit')) await eventually(hidden, 0);
    }
  }
});

browserStory('names in sentences and notices break where their parts meet', async ({ page, person, api }) => {
  const name = 'jean_pierre_de_la_fontaine_du_monastere@meridian.example';
  const { vision } = await api.organisation();
  await api.post('/api/v1/users', { email: name });
  await person.arrive('/access/users', 'Users');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/access/check?subject=user:${encodeURIComponent(name)}&can=department:delete&scope=project:${vision.scopeId}`);
  await page.getByText('This access rule would be enough').or(page.getByText('No role permits this.')).or(page.getByText('Any one of these')).waitFor();
  assert.deepEqual(await page.getByRole('main').evaluate(brokenWords), []);
  await page.goto('/access/users');
  await person.select(name);
  await person.button('Account').click();
  await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  const notices = page.getByRole('region', { name: 'Notices' });
  await notices.getByText(/was signed out everywhere/).first().waitFor();
  assert.deepEqual(await notices.evaluate(brokenWords), []);
});

/** What is cut in the list. */
function cut(page) {
  return page.locator('.list table *').evaluateAll((all) =>
    all.filter((one) => getComputedStyle(one).textOverflow === 'ellipsis' && one.scrollWidth > one.clientWidth).map((one) => one.innerText),
  );
}

/** Words that stand on two lines. */
function brokenWords(within) {
  const broken = [];
  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const { 0: word, index } of texts.currentNode.data.matchAll(/[\p{L}\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + word.length);
      const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)));
      if (lines.size > 1) broken.push(word);
    }
  }
  return broken;
}
