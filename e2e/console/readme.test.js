// The pictures in the README, of the sample organisation. They are written where ROLECALL_PICTURES says, and to be committed from docs/pictures.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { eventually, sampleStory } from './browser.js';

const README = new URL('../../README.md', import.meta.url);
const NAMES = ['users', 'new-access-rule', 'organisation', 'role'];
/** A page of text should not be slow because of its pictures. */
const LARGEST = 250_000;

test('the README shows four pictures, each with words for those who do not see it', () => {
  const shown = [...readFileSync(README, 'utf8').matchAll(/!\[([^\]]+)\]\(docs\/pictures\/([^)]+)\.png\)/g)];
  assert.deepEqual(shown.map(([, , name]) => name).sort(), [...NAMES].sort());
  for (const [, words, name] of shown) {
    assert.ok(words.length > 20, words);
    const { size } = statSync(new URL(`docs/pictures/${name}.png`, README));
    assert.ok(size > 10_000 && size <= LARGEST, `${name}.png has ${size} bytes`);
  }
});

sampleStory('the pictures of the README', async ({ page, person, api }) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const folder = process.env.ROLECALL_PICTURES ?? join(process.env.ROLECALL_SCREENSHOTS, 'readme');
  mkdirSync(folder, { recursive: true });
  const picture = async (name) => {
    assert.ok(NAMES.includes(name), name);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
  };
  await person.arrive('/access/users?sortBy=username', 'Users');
  await eventually(async () => (await person.users()).length, 50);
  await picture('users');

  const { departments } = await api.get('/api/v1/org-unit/departments?filterBy=name==Perception');
  await page.goto(`/organisation/scopes?scope=department:${departments[0].id}`);
  await page.getByRole('heading', { name: 'Perception', level: 2 }).waitFor();
  await picture('organisation');

  await page.goto('/access/rules?dialog=new');
  await page.getByRole('dialog').getByLabel('Emails').fill('ana@meridian.example');
  await page.getByRole('button', { name: 'Open austin-h100' }).click();
  await page.getByRole('tree').getByRole('button', { name: 'Perception', exact: true }).click();
  await person.choose('Role', 'Department administrator');
  await picture('new-access-rule');

  const roles = await api.get('/api/v1/authorization/roles');
  await page.goto(`/access/roles/${roles.find(({ name }) => name === 'Department administrator').id}`);
  await page.getByRole('treegrid', { name: 'What it permits' }).waitFor();
  await picture('role');
});
