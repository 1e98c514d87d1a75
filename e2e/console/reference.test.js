// From a list to what the API says about it.
import assert from 'node:assert/strict';
import { browserStory } from './browser.js';

browserStory('users and access rules lead to their part of the reference of the API', async ({ page, context, person }) => {
  await person.arrive('/access/users', 'Users');
  const reference = async (path) => {
    await person.button('More').click();
    const [tab] = await Promise.all([context.waitForEvent('page'), page.getByRole('menuitem', { name: /^API reference/ }).click()]);
    // The part is open; at first none is.
    await tab.locator(`[data-path="${path}"]`).first().waitFor();
    assert.equal(await tab.evaluate(() => window.opener), null);
    await tab.close();
  };
  await reference('/api/v1/users/count');
  await page.goto('/access/rules');
  await page.getByRole('heading', { name: /^Access rules/ }).first().waitFor();
  await reference('/api/v1/authorization/access-rules/batch');
});
