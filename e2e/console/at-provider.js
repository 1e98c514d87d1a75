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

/** Here, and not at the provider. */
export async function signOut(page, email) {
  await page.getByRole('button', { name: `Account of ${email}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
}
