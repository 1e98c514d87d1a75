// Chromium, and what no page of the console may ever do: complain, break its own security policy, ask elsewhere.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { chromium } from 'playwright-core';
import { ADMINISTRATOR, ADMINISTRATORS_PASSWORD, DATABASES, startServer } from './server.js';

const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
export const WIDTHS = { wide: 1440, narrow: 768 };
export const THEMES = ['light', 'dark'];
/** How long a condition may take to come true. Only a failure waits for it: a busy machine is slow, and not wrong. */
export const PATIENCE = 60_000;

const profile = mkdtempSync(join(tmpdir(), 'rolecall-chromium-'));
const browser = await chromium.launch({
  executablePath: process.env.ROLECALL_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: [...FLAGS, `--disk-cache-dir=${join(profile, 'cache')}`],
  chromiumSandbox: false,
});
after(async () => {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
});

/** A story on a server and in a browser window of its own, on each database. */
export function story(name, tell) {
  on(DATABASES, name, tell);
}

/** A story of the browser alone: what the server answers comes from no query that differs between the databases. */
export function browserStory(name, tell) {
  on(['sqlite'], name, tell);
}

/** A story in the sample organisation. */
export function sampleStory(name, tell) {
  on(['sqlite'], name, tell, ['--demo']);
}

/** A story on a server with these options, on each database, in a browser that uses its public address. */
export function storyWith(options, name, tell) {
  on(DATABASES, name, tell, options, 'localhost');
}

/** The same, in the browser alone. */
export function browserStoryWith(options, name, tell) {
  on(['sqlite'], name, tell, options, 'localhost');
}

function on(databases, name, tell, options = [], host = undefined) {
  for (const database of databases) {
    test(`${name} (${database})`, { timeout: 5 * PATIENCE }, async () => {
      const server = await startServer(database, options);
      try {
        const url = host === undefined ? server.url : server.url.replace('127.0.0.1', host);
        await inWindow({ ...server, url }, tell);
      } finally {
        await server.stop();
      }
    });
  }
}

async function inWindow(server, tell) {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: WIDTHS.wide, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Lisbon' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  context.setDefaultTimeout(PATIENCE);
  const wrong = [];
  const expected = new Set();
  const origins = new Set([server.url]);
  const underWay = new Set();
  context.on('request', (request) => underWay.add(request));
  for (const end of ['requestfinished', 'requestfailed']) context.on(end, (request) => underWay.delete(request));
  // Of all tabs.
  context.on('weberror', (error) => wrong.push(`the page threw: ${error.error().stack ?? error.error().message}`));
  context.on('console', (message) => {
    // A refusal is told by the browser too; those are judged below by their status.
    if (!message.text().startsWith('Failed to load resource')) wrong.push(`the page wrote into the console: ${message.type()} ${message.text()}`);
  });
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (!origins.has(origin) && protocol !== 'data:' && protocol !== 'blob:') wrong.push(`it asked elsewhere: ${request.url()}`);
  });
  context.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() >= 400 && !['anywhere', pathname].some((path) => expected.has(`${response.status()} ${path}`))) wrong.push(`refused: ${response.status()} ${pathname}`);
  });
  // Who is not signed in is told so by this.
  expected.add('401 /api/v1/session');
  // A preview of what would be refused is refused in the same words, and shows them.
  for (const status of [400, 403, 404, 409]) expected.add(`${status} /api/v1/authorization/impact`);
  // Violations of the policy reach the console as errors; this names the element as well.
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
  });
  const page = await context.newPage();
  try {
    await tell({ page, context, server, api: server.api, Person, person: new Person(page), quiet: () => quiet(underWay), expect: (status, path = 'anywhere') => expected.add(`${status} ${path}`), allow: (origin) => origins.add(origin) });
  } catch (error) {
    await page.screenshot({ path: join(screenshots(), 'failed.png') });
    throw wrong.length > 0 ? new Error(`${error.message}\nalso:\n${wrong.join('\n')}`, { cause: error }) : error;
  } finally {
    await context.close();
  }
  assert.deepEqual(wrong, []);
}

/** Waits until nothing has been asked of the server for a moment: what a page reads by itself is there. */
async function quiet(underWay) {
  const deadline = Date.now() + PATIENCE;
  let since = Date.now();
  while (Date.now() - since < 500) {
    if (underWay.size > 0) since = Date.now();
    assert.ok(Date.now() < deadline, `the page goes on asking: ${[...underWay].map((request) => request.url())}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What a person does, found by what a person sees. */
class Person {
  constructor(page) {
    this.page = page;
  }

  async signIn(email = ADMINISTRATOR, password = ADMINISTRATORS_PASSWORD) {
    // Where a session has just ended, the page that found out stays until the sign-in page is loaded, fields and all.
    await this.button('Sign in').waitFor();
    await this.page.getByLabel('Email').fill(email);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** Signs in and arrives at a list. */
  async arrive(path, heading, email, password) {
    await this.page.goto(path);
    await this.signIn(email, password);
    await this.page.getByRole('heading', { name: new RegExp(`^${heading}`) }).first().waitFor();
  }

  /** Enters a text in the one box of a list: it is searched for, or a condition that is typed out. */
  async enter(text) {
    const box = this.page.getByRole('combobox', { name: /^Search / });
    await box.fill(text);
    await box.press('Enter');
  }

  /** Ticks rows of a list. */
  async select(...names) {
    for (const name of names) await this.page.getByRole('checkbox', { name: `Select ${name}` }).check({ force: true });
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  dialog(name) {
    return this.page.getByRole('dialog', { name });
  }

  /** In a dialog: chooses from a list that opens below its label. */
  async choose(label, ...options) {
    await this.page.getByRole('dialog').getByRole('button', { name: new RegExp(`^${label}`) }).click();
    for (const option of options) await this.page.getByRole('option', { name: new RegExp(`^${option}`) }).click();
    if (options.length > 1) await this.page.keyboard.press('Escape');
  }

  /** In a dialog: finds scopes by their names and chooses them, after the first as more scopes. */
  async chooseScopes(first, ...others) {
    const dialog = this.page.getByRole('dialog');
    const find = (name) => dialog.getByLabel('Scope: search by name').fill(name);
    await find(first);
    await dialog.getByRole('tree').getByRole('button', { name: first, exact: true }).click();
    await dialog.getByRole('button', { name: `Remove ${first}`, exact: true }).waitFor();
    if (others.length > 0) await dialog.getByRole('button', { name: 'Add more scopes' }).click();
    for (const name of others) {
      await find(name);
      await dialog.getByRole('checkbox', { name: new RegExp(`^${name} `) }).check({ force: true });
      await dialog.getByRole('button', { name: `Remove ${name}`, exact: true }).waitFor();
    }
    await dialog.getByLabel('Scope: search by name').fill('');
  }

  /** The e-mails that the list of users shows, in its order. */
  async users() {
    // Below the e-mail stand its marks.
    return (await this.page.locator('tbody tr th').allInnerTexts()).map((text) => text.split('\n')[0]);
  }
}

/** Waits until `read` gives this; fails with what it gave last. */
export async function eventually(read, wanted) {
  const deadline = Date.now() + PATIENCE;
  let last = await read();
  while (JSON.stringify(last) !== JSON.stringify(wanted) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    last = await read();
  }
  assert.deepEqual(last, wanted);
}

/** In both themes: no finding of axe at WCAG 2.2 AA but of rules that a component is known to break, and pictures. What hangs from
 * a button does not follow it when the window becomes narrower: then the width that it was opened at is the only one. */
export async function looksRight(page, name, { except = [], widths = [WIDTHS.narrow, WIDTHS.wide] } = {}) {
  await inBothThemes(page, name, widths, async (theme) => assert.deepEqual(await axe(page, theme, except), [], `${name}, ${theme}`));
}

/** In both themes and at each width a picture of the page, which does not scroll sideways. */
export async function pictures(page, name) {
  await inBothThemes(page, name, [WIDTHS.narrow, WIDTHS.wide], () => Promise.resolve());
}

async function inBothThemes(page, name, widths, judge) {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForFunction((dark) => document.body.classList.contains('awsui-dark-mode') === dark, theme === 'dark');
      await page.screenshot({ path: join(screenshots(), `${name}-${theme}-${width}.png`) });
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(beyond <= 0, `${name} is ${beyond} pixels wider than a window of ${width}`);
    }
    await judge(theme);
  }
}

const AXE_TEXT = readFileSync(AXE, 'utf8');

/** What of axe's rules looks at colors. All others find the same in both themes, so they judge the first alone. */
const OF_COLORS = ['color-contrast', 'link-in-text-block'];
const OF_WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function axe(page, theme, except) {
  // As the debugger does it: our policy rightly refuses a script that is put into the page.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE_TEXT);
  const colors = OF_COLORS.filter((rule) => !except.includes(rule));
  const options =
    theme === THEMES[0]
      ? { runOnly: OF_WCAG, rules: Object.fromEntries(except.map((rule) => [rule, { enabled: false }])) }
      : { runOnly: { type: 'rule', values: colors } };
  return page.evaluate(async (options) => {
    const { violations } = await globalThis.axe.run(document, { ...options, resultTypes: ['violations'] });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join(' | ')}`);
  }, options);
}

function screenshots() {
  const folder = process.env.ROLECALL_SCREENSHOTS;
  if (!folder) throw new Error('ROLECALL_SCREENSHOTS is not set: run `cargo xtask test --only console`, which sets it');
  mkdirSync(folder, { recursive: true });
  return folder;
}
