// Every page of the console, as people with few permissions: none of them breaks.
import assert from 'node:assert/strict';
import { browserStory, eventually } from './browser.js';

const PEOPLE = [
  { email: 'nobody@example.com' },
  { email: 'viewer@example.com', role: 'Viewer', scope: 'vision' },
  { email: 'project@example.com', role: 'Project administrator', scope: 'vision' },
  { email: 'department@example.com', role: 'Department administrator', scope: 'research' },
];

for (const { email, role, scope } of PEOPLE) {
  browserStory(`every page as ${email.split('@')[0]}${role ? `, ${role} in ${scope}` : ', without an access rule'}`, async ({ page, person, api, expect }) => {
    const scopes = await api.organisation();
    const { password } = await api.person(email);
    if (role) await api.rule(email, role, scopes[scope]);
    const { id: roleId } = (await api.get('/api/v1/authorization/roles')).find(({ name }) => name === 'Viewer');
    // The server refuses what these people may not see, which a page tells in words.
    for (const status of [403, 404]) expect(status);
    let open = 0;
    page.on('request', () => (open += 1));
    for (const end of ['requestfinished', 'requestfailed']) page.on(end, () => (open -= 1));

    await page.goto('/me/password');
    await person.signIn(email, password);
    await page.getByRole('heading', { name: 'Password', level: 1 }).waitFor();
    const at = Object.values(scopes).map(({ scopeType, scopeId }) => `scope=${scopeType}:${scopeId}`);
    const subject = `subject=user:${email}`;
    // A person without access rules sees only this.
    const check = role ? 'Check access' : 'Welcome';
    const paths = [
      ['/', /./],
      ['/access/users', 'Users'],
      ['/access/rules', 'Access rules'],
      ['/access/rules?dialog=new', 'Access rules'],
      ['/access/roles', 'Roles'],
      [`/access/roles/${roleId}`, /./],
      ['/access/roles/custom/new', 'New role'],
      [`/access/roles/${roleId}/copy`, /./],
      [`/access/roles/${roleId}/edit`, /./],
      ['/access/check', check],
      [`/access/check?${subject}&can=project:read&${at[4]}`, check],
      [`/access/check?tab=who&can=project:read&${at[4]}`, check],
      [`/access/check?tab=what&${subject}`, check],
      ['/organisation/scopes', /^(Organization|Welcome)$/],
      ...at.map((scope) => [`/organisation/scopes?${scope}`, /^(Organization|Welcome)$/]),
      ['/me/access', 'My access'],
      ['/me/password', 'Password'],
    ];
    for (const [path, title] of paths) {
      // As a link within the console goes there.
      await page.evaluate((path) => history.pushState(null, '', path), path);
      await page.getByRole('heading', { level: 1, name: title }).or(page.getByRole('alert')).or(page.getByText('cannot be shown')).first().waitFor();
      await eventually(() => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))).then(() => open), 0);
      const shown = await page.locator('body').innerText();
      assert.doesNotMatch(shown, /This page cannot be shown|The console made a mistake/, path);
    }
    await page.goto('/nowhere');
    await page.getByText('Page not found').first().waitFor();
  });
}
