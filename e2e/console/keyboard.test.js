// Everything by keyboard alone: every page, every kind of dialog, with a focus that is seen and comes back.
import assert from 'node:assert/strict';
import { browserStory, eventually, PATIENCE } from './browser.js';
import { ADMINISTRATOR, ADMINISTRATORS_PASSWORD } from './server.js';

const ANA = 'ana@example.com';
const BEN = 'ben@example.com';
const CARA = 'cara@example.com';

/** Someone who has no mouse. */
class Keys {
  constructor(page) {
    this.page = page;
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  /** Goes on by Tab until this has the focus, which must be seen. Before, waits until it is there and can be used. */
  async to(locator, key = 'Tab') {
    await usable(locator.first());
    for (let presses = 0; presses < 120; presses += 1) {
      if (await this.isOn(locator)) {
        assert.ok(await this.isSeen(), `the focus on ${await this.describe()} is not to be seen`);
        return;
      }
      await this.press(key);
    }
    assert.fail(`${locator} cannot be reached by ${key}; the focus is on ${await this.describe()}`);
  }

  /** Goes there and does it. */
  async do(locator, key = 'Enter') {
    await this.to(locator);
    await this.press(key);
  }

  /** Goes on by an arrow until this has the focus: within a table, a tree or a menu, whose lines may still be on their way. */
  async along(locator, key = 'ArrowDown') {
    await locator.first().waitFor({ state: 'attached' });
    for (let presses = 0; presses < 20 && !(await this.isOn(locator)); presses += 1) await this.press(key);
    await this.comesTo(locator);
  }

  /** In a list that is open: types a name, and takes the option that begins with it. */
  async take(name) {
    await this.type(name);
    await this.page.getByRole('option', { name: new RegExp(`^${name}`) }).waitFor();
    // What was marked in a longer list, from before the name was typed, is beyond the end of this one.
    await this.page.waitForFunction((name) => [...document.querySelectorAll('[role=option]')].every(({ textContent }) => textContent.toLowerCase().includes(name.toLowerCase())), name);
    const isMarked = () =>
      this.page.evaluate((name) => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent.startsWith(name) === true, name);
    for (let presses = 0; presses < 40 && !(await isMarked()); presses += 1) await this.press('ArrowDown');
    assert.ok(await isMarked(), `${name} cannot be reached by arrows`);
    await this.press('Enter');
  }

  async isOn(locator) {
    return (await locator.evaluateAll((found) => found.some((element) => element === document.activeElement))) === true;
  }

  /** Waits until the focus is there by itself. */
  async comesTo(locator) {
    await locator.first().waitFor({ state: 'attached' });
    const deadline = Date.now() + PATIENCE;
    while (!(await this.isOn(locator))) {
      if (Date.now() > deadline) assert.fail(`the focus is on ${await this.describe()} and not on ${locator}`);
      await this.page.waitForTimeout(20);
    }
    assert.ok(await this.isSeen(), `the focus on ${await this.describe()} is not to be seen`);
  }

  describe() {
    return this.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 300));
  }

  /** Whether something is drawn around what has the focus, or around what stands for it, that is not drawn around its like. */
  isSeen() {
    return this.page.evaluate(() => {
      const drawn = (element, part) => {
        const { outlineStyle, outlineWidth, boxShadow, content, borderStyle } = getComputedStyle(element, part);
        if (part !== undefined && (content === 'none' || content === 'normal')) return false;
        return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || (part !== undefined && borderStyle !== 'none');
      };
      // Items of a menu are marked as a whole.
      const item = document.activeElement.closest('li');
      if (document.activeElement.role === 'menuitem' && item) return getComputedStyle(item).borderTopColor !== 'rgba(0, 0, 0, 0)';
      // So are lines of a tree, by the one button that each has to open it or to stand for it.
      const line = document.activeElement.closest('[role=treeitem]')?.firstElementChild;
      if (line && drawn(line, '::before')) return true;
      const near = (element) => [element, element?.parentElement, element?.nextElementSibling, element?.parentElement?.nextElementSibling, element?.parentElement?.parentElement];
      return near(document.activeElement).some((element) => element && [undefined, '::before', '::after'].some((part) => drawn(element, part)));
    });
  }
}

/** Chooses a scope of a new access rule. The tree is one stop; within it one goes by arrows. */
async function choosesResearch(keys, dialog) {
  await keys.to(dialog.getByLabel('Scope: search by name'));
  await keys.press('Tab');
  await keys.comesTo(dialog.getByRole('button', { name: /^Close / }).first());
  const research = dialog.getByRole('button', { name: 'Open research' });
  await research.waitFor();
  for (let presses = 0; presses < 5 && !(await keys.isOn(research)); presses += 1) await keys.press('ArrowDown');
  await keys.press('ArrowRight');
  await keys.comesTo(dialog.getByRole('tree').getByRole('button', { name: 'research', exact: true }));
  // Which does not send the form.
  await keys.press('Enter');
  await dialog.getByRole('button', { name: 'Remove research' }).waitFor();
}

/** Until it is there, and neither disabled nor waiting for something itself. */
async function usable(locator) {
  await locator.waitFor();
  await eventually(() => locator.isEnabled(), true);
}

async function signIn(page, keys, path) {
  await page.goto(path);
  await keys.comesTo(page.getByLabel('Email'));
  await keys.type(ADMINISTRATOR);
  await keys.to(page.getByLabel('Password', { exact: true }));
  await keys.type(ADMINISTRATORS_PASSWORD);
  await keys.press('Enter');
}

const button = (page, name) => page.getByRole('button', { name, exact: true });
const heading = (page, name) => page.getByRole('heading', { name: new RegExp(`^${name}`), level: 1 }).waitFor();

browserStory('users by keyboard alone: each dialog is opened, used and closed, and the focus comes back', async ({ page, api }) => {
  await api.organisation();
  const keys = new Keys(page);
  await signIn(page, keys, '/access/users');
  await heading(page, 'Users');

  // A dialog that is given up gives the focus back.
  await keys.do(button(page, 'New local user'));
  await keys.comesTo(page.getByRole('dialog').getByLabel('Email'));
  await keys.press('Escape');
  await keys.comesTo(button(page, 'New local user'));

  // A new user, with their credentials.
  await keys.press('Enter');
  await keys.comesTo(page.getByRole('dialog').getByLabel('Email'));
  await keys.type(ANA);
  await keys.press('Enter');
  await keys.do(button(page, 'Copy all'));
  await page.getByText('Copied').first().waitFor();
  // What is shown this once is not lost by a slip.
  await keys.press('Escape', 'Escape');
  await keys.do(button(page, 'Done'));
  await page.getByText(`${ANA} created.`).first().waitFor();
  await keys.comesTo(button(page, 'New local user'));

  // The user is selected, and gets an access rule.
  await keys.to(page.getByRole('checkbox', { name: 'Select all users on this page' }));
  await keys.along(page.getByRole('checkbox', { name: `Select ${ANA}` }));
  await keys.press('Space');
  await keys.to(button(page, 'Access rules'), 'Shift+Tab');
  await keys.press('Enter');
  const rules = page.getByRole('dialog', { name: `Access rules of ${ANA}` });
  await keys.do(rules.getByRole('button', { name: 'Access rule', exact: true }));
  const fresh = page.getByRole('dialog', { name: `New access rule for ${ANA}` });
  await choosesResearch(keys, fresh);
  await keys.do(fresh.getByRole('button', { name: /^Role/ }));
  await keys.take('Viewer');
  await keys.do(fresh.getByRole('button', { name: /^What .* allows/ }));
  await fresh.getByText(/^View: /).waitFor();
  await keys.do(fresh.getByRole('button', { name: 'Save rule' }));
  await page.getByText(`${ANA} has Viewer in research.`).first().waitFor();
  await rules.getByRole('rowheader', { name: 'Viewer' }).waitFor();
  // And loses it.
  await keys.do(rules.getByRole('button', { name: /^Delete the rule/ }));
  const asked = page.getByRole('dialog', { name: 'Delete the access rule?' });
  await keys.do(asked.getByRole('button', { name: 'Delete' }));
  await page.getByText(/^Removed /).first().waitFor();
  await keys.do(rules.getByRole('button', { name: 'Close' }).last());
  await keys.comesTo(button(page, 'Access rules'));

  // What the menu holds.
  await keys.do(button(page, 'Account'));
  await keys.comesTo(page.getByRole('menuitem', { name: 'Sign out everywhere' }));
  await keys.press('ArrowDown', 'Enter');
  await keys.do(page.getByRole('dialog', { name: `Disable ${ANA}?` }).getByRole('button', { name: 'Disable' }));
  await page.getByText(`${ANA} was disabled.`).first().waitFor();
  await keys.comesTo(button(page, 'Account'));

  // The button that opened the dialog stays where it is, though nobody is selected any more.
  await keys.do(button(page, 'Delete'));
  await keys.do(page.getByRole('dialog', { name: `Delete ${ANA}?` }).getByRole('button', { name: 'Delete' }));
  await page.getByText(`${ANA} was deleted.`).first().waitFor();
  await keys.comesTo(button(page, 'Delete'));
});

browserStory('several users, a new password, and its owner, by keyboard alone', async ({ page, api }) => {
  for (const email of [ANA, BEN, CARA]) await api.user(email);
  await api.organisation();
  const keys = new Keys(page);
  await signIn(page, keys, '/access/users?sortBy=username');
  await heading(page, 'Users');
  // Two are selected: within the table one goes by arrows.
  await keys.to(page.getByRole('checkbox', { name: 'Select all users on this page' }));
  await keys.along(page.getByRole('checkbox', { name: `Select ${BEN}` }));
  await keys.press('Space');
  await keys.along(page.getByRole('checkbox', { name: `Select ${CARA}` }));
  await keys.press('Space');

  // One rule for both, which is given up.
  await keys.to(button(page, 'Add access rule'), 'Shift+Tab');
  await keys.press('Enter');
  const rule = page.getByRole('dialog', { name: 'New access rule for 2 users' });
  await rule.getByText(`${BEN}, ${CARA}`).waitFor();
  await choosesResearch(keys, rule);
  await keys.do(rule.getByRole('button', { name: /^Role/ }));
  await keys.take('Viewer');
  await keys.press('Escape');
  await keys.comesTo(button(page, 'Add access rule'));

  await keys.do(button(page, 'Delete'));
  await keys.do(page.getByRole('dialog', { name: 'Delete 2 users?' }).getByRole('button', { name: 'Delete' }));
  await page.getByText('2 users were deleted.').first().waitFor();
  await keys.comesTo(button(page, 'Delete'));

  // The third one gets a new password.
  await keys.to(page.getByRole('checkbox', { name: /^Select / }));
  await keys.press('Control+Home');
  await keys.along(page.getByRole('checkbox', { name: `Select ${ANA}` }));
  await keys.press('Space');
  await keys.to(button(page, 'Reset password'), 'Shift+Tab');
  await keys.press('Enter');
  await keys.do(page.getByRole('dialog', { name: 'Reset the password?' }).getByRole('button', { name: 'Reset' }));
  const shown = page.getByRole('dialog', { name: "The user's credentials" });
  await keys.do(shown.getByRole('button', { name: 'Copy temporary password' }));
  await page.getByText('Copied').first().waitFor();
  const temporary = await page.evaluate(() => navigator.clipboard.readText());
  await keys.press('Escape');
  await keys.do(shown.getByRole('button', { name: 'Done' }));
  await keys.comesTo(button(page, 'Reset password'));

  // Ana signs in with it, and chooses their own.
  await keys.do(page.getByRole('button', { name: `Account of ${ADMINISTRATOR}` }));
  await keys.along(page.getByRole('menuitem', { name: 'Sign out' }));
  await keys.press('Enter');
  await keys.comesTo(page.getByLabel('Email'));
  await keys.type(ANA);
  await keys.to(page.getByLabel('Password', { exact: true }));
  await keys.type(temporary);
  await keys.press('Enter');
  await keys.to(page.getByLabel('Temporary password'));
  await keys.type(temporary);
  for (const label of ['New password', 'Repeat new password']) {
    await keys.to(page.getByLabel(label, { exact: true }));
    await keys.type('walnut-Compass-77-ferry');
  }
  await keys.press('Enter');
  await page.getByText('Your password was changed.').first().waitFor();
});

browserStory('the tools of a list by keyboard alone', async ({ page, api, person }) => {
  await api.user(ANA);
  await api.user('ben@example.com');
  const keys = new Keys(page);
  await signIn(page, keys, '/access/users');
  await heading(page, 'Users');
  await keys.to(page.getByPlaceholder('Search users by email or name'));
  await keys.type('ana');
  await keys.press('Enter');
  await eventually(() => person.users(), [ANA]);
  // Told to those who do not see it.
  await page.locator('[aria-live]').filter({ hasText: '1 user, page 1 of 1' }).first().waitFor({ state: 'attached' });
  await keys.do(page.getByRole('button', { name: /Remove/ }));
  await eventually(async () => (await person.users()).length, 3);

  // The button leads to the box, with what can be filtered by.
  await keys.do(button(page, 'Add filter'));
  await keys.comesTo(page.getByPlaceholder('Search users by email or name'));
  await page.getByRole('option', { name: 'Has access in' }).waitFor();
  await keys.type('User : ben');
  await keys.press('Enter');
  await eventually(() => person.users(), ['ben@example.com']);
  await keys.do(page.getByRole('button', { name: /Remove/ }));
  await eventually(async () => (await person.users()).length, 3);

  // Sorting: within the table one goes by arrows.
  await keys.to(page.getByRole('checkbox', { name: 'Select all users on this page' }));
  await keys.along(page.getByRole('columnheader', { name: 'User', exact: true }).getByRole('button'), 'ArrowRight');
  await keys.press('Enter');
  await eventually(() => new URL(page.url()).search, '?sortBy=username');

  await keys.do(button(page, 'Columns'));
  const preferences = page.getByRole('dialog', { name: 'Columns and rows' });
  await preferences.waitFor();
  await keys.do(preferences.getByRole('checkbox', { name: 'Last login' }), 'Space');
  await keys.do(preferences.getByRole('button', { name: 'Apply' }));
  await eventually(() => page.getByRole('columnheader', { name: 'Last login' }).count(), 0);
  await keys.comesTo(button(page, 'Columns'));

  await keys.do(button(page, 'More'));
  const item = page.getByRole('menuitem', { name: /^Download as CSV/ });
  await keys.comesTo(item);
  const [file] = await Promise.all([page.waitForEvent('download'), keys.press('Enter')]);
  assert.equal(file.suggestedFilename(), 'users.csv');
});

browserStory('the other pages by keyboard alone', async ({ page, api }) => {
  const { research } = await api.organisation();
  await api.rule(ANA, 'Viewer', research);
  const keys = new Keys(page);
  await signIn(page, keys, '/access/rules');
  await heading(page, 'Access rules');

  // Where a rule holds, and a new one.
  await keys.to(page.getByRole('checkbox', { name: 'Select all access rules on this page' }));
  await keys.along(page.getByRole('checkbox', { name: `Select ${ANA} has Viewer in research` }));
  await keys.along(page.getByRole('button', { name: 'research' }), 'ArrowRight');
  await keys.press('Enter');
  await page.getByText(/berlin \/ research|Loading| \/ /).first().waitFor();
  await keys.press('Escape');
  await keys.do(button(page, 'New access rule'));
  await keys.do(page.getByRole('dialog').getByRole('button', { name: /^Subject type/ }));
  await page.getByRole('option', { name: 'Group' }).waitFor();
  await keys.press('ArrowDown', 'Enter');
  await page.getByRole('dialog').getByLabel('Groups').waitFor();
  await keys.press('Escape');
  await keys.comesTo(button(page, 'New access rule'));

  const go = (name) => keys.do(page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }));
  await go('Roles');
  await heading(page, 'Roles');
  await keys.to(page.getByPlaceholder('Search roles'));
  await keys.type('Viewer');
  await keys.to(page.getByRole('columnheader', { name: 'Role' }).getByRole('button'));
  await keys.along(page.getByRole('link', { name: 'Viewer', exact: true }));
  await keys.press('Enter');
  await page.getByRole('treegrid', { name: 'What it permits' }).waitFor();
  await keys.to(page.getByPlaceholder('Search entities'));
  await keys.do(page.getByRole('link', { name: 'Roles' }).first());
  await heading(page, 'Roles');
  await keys.do(button(page, 'New role'));
  await keys.to(page.getByLabel('Name'));
  await keys.type('Auditor');
  await keys.do(page.getByRole('button', { name: /^Permission sets/ }));
  await keys.take('Policies: view');
  await keys.press('Escape');
  await keys.do(page.getByRole('button', { name: /^Same as a role/ }));
  await keys.take('Viewer');
  // The permissions are one stop; within them one goes by arrows.
  await keys.to(page.getByRole('treegrid', { name: 'Permissions' }).getByRole('columnheader').first());
  await keys.along(page.getByRole('button', { name: 'Hide Organization' }));
  await keys.along(page.getByRole('checkbox', { name: 'View: all of Organization' }), 'ArrowRight');
  await keys.along(page.getByRole('checkbox', { name: 'View: Departments' }));
  await keys.press(' ');
  await page.getByText('Nearest predefined role: Viewer').waitFor();
  await keys.do(button(page, 'Create role'));
  await page.getByRole('heading', { name: 'Auditor', level: 1 }).waitFor();
  for (const name of ['Disable', 'Delete']) {
    await keys.do(button(page, name));
    await page.getByRole('dialog').waitFor();
    await keys.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await keys.comesTo(button(page, name));
  }

  await go('Scopes');
  await heading(page, 'Organization');
  const tree = page.getByRole('treegrid', { name: 'Scopes' });
  await keys.to(tree.getByRole('columnheader').first());
  await button(page, 'Open berlin').waitFor();
  await keys.press('ArrowDown', 'ArrowDown', 'ArrowRight');
  await keys.comesTo(button(page, 'Open berlin'));
  await keys.press('Enter');
  await tree.getByText('research', { exact: true }).waitFor();
  // Past the department that a cluster has from its beginning.
  await keys.press('ArrowDown', 'ArrowDown', 'ArrowRight');
  await keys.comesTo(tree.getByRole('link', { name: 'research' }));
  await keys.press('Enter');
  await page.getByRole('heading', { name: 'research', level: 2 }).waitFor();
  for (const name of ['Delete', 'Edit', 'New project']) {
    await keys.do(button(page, name));
    await page.getByRole('dialog').waitFor();
    await keys.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await keys.comesTo(button(page, name));
  }
  await keys.press('Enter');
  await keys.comesTo(page.getByRole('dialog').getByLabel('Name'));
  await keys.type('sight');
  await keys.press('Enter');
  await page.getByText('sight was created.').first().waitFor();
  await page.getByRole('heading', { name: 'sight', level: 2 }).waitFor();

  await go('My access');
  await heading(page, 'My access');
  await keys.to(page.getByRole('treegrid', { name: 'Where' }).getByRole('columnheader').first());
  await keys.along(page.getByRole('radio', { name: /^Show / }));
  await keys.to(page.getByPlaceholder('Search entities'));
  await keys.type('projects');
  await eventually(() => new URL(page.url()).searchParams.get('search'), 'projects');

  await go('Password');
  await heading(page, 'Password');
  await keys.to(page.getByLabel('Current password'));
  await keys.type('not it');
  await keys.to(page.getByLabel('New password', { exact: true }));
  await keys.type('short');
  await keys.press('Enter');
  await page.getByText('At least 8 characters: 3 more.').first().waitFor();

  await keys.do(page.getByRole('button', { name: `Account of ${ADMINISTRATOR}` }));
  await keys.comesTo(page.getByRole('menuitem', { name: 'Change password' }));
  await keys.along(page.getByRole('menuitem', { name: 'Sign out' }));
  await keys.press('Enter');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});
