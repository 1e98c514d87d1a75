// Getting in: with a password, with a wrong one, with a temporary one, and back to where one was.
import assert from 'node:assert/strict';
import { browserStory, eventually, looksRight, story } from './browser.js';
import { ADMINISTRATOR } from './server.js';

const path = (page) => new URL(page.url()).pathname + new URL(page.url()).search;

story('a person signs in, arrives where the link led, and signs out', async ({ page, person }) => {
  await page.goto('/access/users?search=admin');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await looksRight(page, 'sign-in');
  await person.signIn();
  await page.getByRole('heading', { name: /^Users/ }).waitFor();
  assert.equal(path(page), '/access/users?search=admin');

  await page.getByRole('button', { name: `Account of ${ADMINISTRATOR}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

story('a link that leads elsewhere leads to the first page', async ({ page, person }) => {
  await page.goto('/sign-in?to=%2F%2Fevil.example');
  await person.signIn();
  await page.getByRole('heading', { name: /^Users/ }).waitFor();
});

story('a wrong password is said in words, and the e-mail stays', async ({ page, person }) => {
  await page.goto('/');
  await person.signIn(ADMINISTRATOR, 'not-the-Password-1');
  await page.getByText('Incorrect email or password.').first().waitFor();
  assert.equal(await page.getByLabel('Email').inputValue(), ADMINISTRATOR);
  assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '');
  await looksRight(page, 'wrong-password');
  // What is missing the next time is told at its field, and the earlier refusal goes.
  await page.getByLabel('Email').fill('');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Required.').nth(1).waitFor();
  assert.equal(await page.getByText('Incorrect email or password.').count(), 0);
});

story('a temporary password must be changed first; without a rule one is told whom to ask', async ({ page, person, api, expect }) => {
  const ana = await api.user('ana@example.com');
  await page.goto('/');
  await person.signIn(ana.email, ana.password);
  await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
  const fill = async (password) => {
    await page.getByLabel('Temporary password').fill(ana.password);
    await page.getByLabel('New password', { exact: true }).fill(password);
    await page.getByLabel('Repeat new password').fill(password);
  };
  await fill('short');
  await page.getByText('At least 8 characters: 3 more.').first().waitFor();
  await looksRight(page, 'forced-change');
  // What our advice lets pass and the server's dictionary does not.
  expect(400, '/api/v1/me/password');
  await fill('password1!');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText(/guess/i).last().waitFor();
  await fill('harbour quince tundra 9');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('You have no access here yet').first().waitFor();
  await eventually(() => page.getByRole('link', { name: 'Users' }).count(), 0);
  await looksRight(page, 'no-access-rule');
});

story('the page for temporary passwords leads who has their own to the page that changes it', async ({ page, person }) => {
  await page.goto('/new-password?to=%2Faccess%2Froles');
  await person.signIn();
  await page.getByRole('heading', { name: /^Roles/ }).waitFor();
  await page.goto('/new-password');
  await page.getByRole('heading', { name: 'Password', level: 1 }).waitFor();
  assert.equal(path(page), '/me/password');
  await page.getByLabel('Current password').waitFor();
  assert.equal(await page.getByText('temporary').count(), 0);
});

browserStory('a tab that is looked at again asks for its session first, and for nothing else when that has ended', async ({ page, person, context, expect, quiet }) => {
  await page.goto('/');
  await person.signIn();
  await page.getByRole('heading', { name: /^Users/ }).waitFor();
  await quiet();
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const lookAgain = () =>
    page.evaluate(() => {
      // What was read is old by then.
      const now = Date.now();
      Date.now = () => now + 3_600_000;
      for (const state of ['hidden', 'visible']) {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }
    });
  await lookAgain();
  await eventually(() => asked.includes('/api/v1/users'), true);
  assert.equal(asked[0], '/api/v1/session');

  await quiet();
  await page.reload();
  await page.getByRole('heading', { name: /^Users/ }).waitFor();
  await quiet();
  await context.clearCookies({ name: 'rolecall_session' });
  expect(401, '/api/v1/session');
  asked.length = 0;
  await lookAgain();
  await page.getByText('Your session has ended.').first().waitFor();
  await quiet();
  // The page to sign in asks what one can sign in with.
  assert.deepEqual(asked.filter((path) => path.startsWith('/api/') && path !== '/api/v1/session/providers'), ['/api/v1/session']);
});

story('a session that ends says so, and one goes on where one was', async ({ page, person, context, expect, quiet }) => {
  await page.goto('/');
  await person.signIn();
  await page.getByRole('heading', { name: /^Users/ }).waitFor();
  await eventually(() => person.users(), [ADMINISTRATOR]);
  for (const path of ['/api/v1/users', '/api/v1/users/count', '/api/v1/authorization/permissions']) expect(401, path);
  await quiet();
  await context.clearCookies({ name: 'rolecall_session' });
  await person.enter('adm');
  await page.getByText('Your session has ended.').first().waitFor();
  await person.signIn();
  await page.getByRole('heading', { name: /^Users/ }).waitFor();
  assert.equal(path(page), '/access/users?search=adm');
});
