// What people do at an identity provider of the tests, and on the way there and back.

/** From the sign-in page, as that person at the provider. */
export async function continueAs(page, who) {
  await page.getByRole('link', { name: 'Continue with SSO' }).click();
  await page.getByRole('heading', { name: 'The provider' }).waitFor();
  await page.getByLabel('Name').fill(who);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** The sign-in fails in these words. */
export async function fails(page, who, header, code) {
  await continueAs(page, who);
  await page.getByText(header).waitFor();
  await page.getByText(`Code: ${code}`).waitFor();
}

/** Here alone: for local users, and where the provider signs nobody out. */
export async function signOut(page, email) {
  await leave(page, email);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
}

/** Here, and then at an OpenID Connect provider, which asks. */
export async function signOutThereToo(page, email) {
  await leave(page, email);
  await page.getByRole('heading', { name: 'Sign out of the provider?' }).waitFor();
  await page.getByRole('button', { name: 'Yes' }).click();
  await page.getByText('You are signed out, at the identity provider as well.').waitFor();
}

export async function leave(page, email) {
  await page.getByRole('button', { name: `Account of ${email}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}
