import { expect, test, type Page } from '@playwright/test';
import { recordComplaints } from './page';
import { GUEST, logInAs, logOut, OWNER, totp, tryLogIn, type Person } from './people';

const setUp = process.env.WEIR_E2E_SETUP_URL;
test.skip(!setUp, 'WEIR_E2E_SETUP_URL is not set: no new server to test the page against');
// The tests share one server: each test continues where the previous one ended.
test.describe.configure({ mode: 'serial' });

/** Logs in as a person and opens a path. Pages of one browser context share their session. */
async function as(page: Page, person: Person, path: string): Promise<void> {
  await logInAs(page, person);
  await page.goto(path);
}

let recoveryCodes: string[] = [];
let invitation = '';

test('the setup link makes its user the owner, once', async ({ page }) => {
  const complaints = recordComplaints(page);
  await page.goto(setUp ?? '');
  await expect(page).toHaveURL(/\/setup$/);
  await page.getByLabel('Your name').fill(OWNER.name);
  await page.getByLabel('E-mail').fill(OWNER.email);
  const password = page.getByLabel('Password', { exact: true });
  await password.fill('short');
  await expect(page.getByText('needed')).toBeVisible();
  await password.fill(OWNER.password);
  await expect(page.getByText('Long enough')).toBeVisible();
  await page.getByLabel('Organisation').fill('Analytical Engines');
  await page.getByRole('button', { name: 'Set up' }).click();
  await expect(page.getByTestId('no-data')).toBeVisible();
  await expect(page.getByRole('navigation').first()).toContainText('Analytical Engines');
  expect(complaints).toEqual([]);
  await logOut(page);

  await page.goto(setUp ?? '');
  await page.getByLabel('Your name').fill('Someone else');
  await page.getByLabel('E-mail').fill('else@example.com');
  await page.getByLabel('Password', { exact: true }).fill('another long password');
  await page.getByRole('button', { name: 'Set up' }).click();
  await expect(page.getByRole('alert')).toContainText('already been used');
});

test('a password can be shown while it is typed', async ({ page }) => {
  await page.goto('/login');
  const password = page.getByLabel('Password', { exact: true });
  await password.fill(OWNER.password);
  await expect(password).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(password).toHaveAttribute('type', 'text');
  await expect(password).toHaveAttribute('autocomplete', 'current-password');
});

test('a second factor is set up with a QR code and required from then on', async ({ page }) => {
  await as(page, OWNER, '/settings/profile');
  await page.getByTestId('second-factor').getByRole('button', { name: 'Set up' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByRole('alert')).toContainText('not your password');
  await dialog.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByTestId('qr')).toBeVisible();
  const secret = await page.getByTestId('secret').innerText();
  await dialog.getByLabel('Code', { exact: true }).fill(totp(secret, Date.now()));
  await page.getByRole('button', { name: 'Turn on' }).click();
  const codes = await page.getByTestId('recovery-codes').innerText();
  recoveryCodes = codes.split('\n').filter(Boolean);
  expect(recoveryCodes).toHaveLength(10);
  await page.getByRole('button', { name: 'I have saved them' }).click();
  await expect(page.getByTestId('second-factor')).toContainText('on');
  await logOut(page);

  await tryLogIn(page, OWNER);
  await expect(page.getByRole('heading', { name: 'Second factor' })).toBeVisible();
  await page.getByLabel('Code from').fill('000 000');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('is wrong');
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(recoveryCodes[0] ?? '');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page.getByTestId('no-data')).toBeVisible();

  await page.goto('/settings/profile');
  await page.getByRole('button', { name: 'Turn off' }).click();
  await dialog.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await dialog.getByRole('button', { name: 'Use a recovery code' }).click();
  await dialog.getByLabel('Recovery code').fill(recoveryCodes[1] ?? '');
  await dialog.getByRole('button', { name: 'Turn off' }).click();
  await expect(
    page.getByTestId('second-factor').getByRole('button', { name: 'Set up' }),
  ).toBeVisible();
});

test('people are invited by a link, which is shown once', async ({ page }) => {
  await as(page, OWNER, '/settings/people');
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail').fill(GUEST.email);
  await dialog.getByLabel('In the organisation').selectOption('viewer');
  await dialog.getByRole('button', { name: 'Invite' }).click();
  invitation = await page.getByTestId('invitation-link').innerText();
  expect(invitation).toContain('/invitation#');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByTestId('invitations')).toContainText(GUEST.email);
  await page.reload();
  await expect(page.getByTestId('invitations')).toContainText('Viewer');
  expect(await page.content()).not.toContain(invitation.split('#')[1]);
});

test('an invited user joins, and sees what a viewer may see', async ({ page }) => {
  await page.goto(new URL(invitation).pathname + new URL(invitation).hash);
  await expect(page).toHaveURL(/\/invitation$/);
  await expect(page.getByRole('heading')).toContainText('Analytical Engines');
  await page.getByLabel('Your name').fill(GUEST.name);
  await page.getByLabel('Password', { exact: true }).fill(GUEST.password);
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByTestId('no-data')).toBeVisible();

  await page.goto('/settings');
  const settings = page.getByRole('navigation', { name: 'Settings' });
  await expect(settings.getByRole('link')).toHaveText(['Profile', 'Projects']);
  await page.goto('/settings/keys');
  await expect(page.getByTestId('refused')).toContainText('Viewer');
  await page.goto('/settings/projects');
  await expect(page.getByTestId('projects')).toContainText('Default');
  await expect(page.getByRole('button', { name: 'New project' })).toHaveCount(0);

  await logOut(page);
  await page.goto(new URL(invitation).pathname + new URL(invitation).hash);
  await expect(page.getByRole('heading')).toContainText('not valid');
});

test('a role in a project opens the settings of that project', async ({ page, browser }) => {
  await as(page, OWNER, '/settings/people');
  const row = page.getByTestId('people').locator('tr', { hasText: GUEST.email });
  await row.getByRole('button', { name: 'Roles' }).click();
  await page.getByRole('dialog').getByLabel('Default').selectOption('admin');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(row).toContainText('Admin in Default');
  // The last owner cannot be removed.
  const own = page.getByTestId('people').locator('tr', { hasText: OWNER.email });
  await expect(own.getByRole('button', { name: 'Remove' })).toBeDisabled();

  const other = await browser.newContext();
  const theirs = await other.newPage();
  await as(theirs, GUEST, '/settings');
  const settings = theirs.getByRole('navigation', { name: 'Settings' });
  await expect(settings).toContainText('API keys');
  await expect(settings).not.toContainText('People');
  await other.close();
});

test('a key is shown once, works, and stops working when it is revoked', async ({
  page,
  request,
}) => {
  await as(page, OWNER, '/settings/keys');
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Nightly import');
  await page.getByRole('button', { name: 'Create key' }).click();
  const key = await page.getByTestId('new-key').innerText();
  // It cannot be shown again, so a slip of the hand does not close it.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  await expect(page.getByTestId('new-key')).toBeVisible();
  await page.getByRole('button', { name: 'I have saved it' }).click();
  expect(await page.content()).not.toContain(key);
  const send = async (id: string): Promise<number> => {
    const response = await request.post('/api/v1/events', {
      headers: { authorization: `Bearer ${key}` },
      data: {
        type: 'execution',
        executionId: id,
        workflowId: 'orders',
        status: 'completed',
        timestamp: new Date().toISOString(),
      },
    });
    return response.status();
  };
  expect(await send('first')).toBe(200);
  const row = page.getByTestId('keys').locator('tr', { hasText: 'Nightly import' });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(row).toHaveCount(0);
  expect(await send('second')).toBe(401);
  await page.getByRole('button', { name: /Show \d+ expired and revoked/ }).click();
  await expect(row).toContainText('revoked');
});

test('sessions are listed, ended one by one, and all at once', async ({ page, browser }) => {
  await as(page, OWNER, '/settings/profile');
  const other = await browser.newContext();
  const elsewhere = await other.newPage();
  await as(elsewhere, OWNER, '/settings/profile');
  await page.reload();
  const sessions = page.getByTestId('sessions');
  await expect(sessions).toContainText('this browser');
  const before = await sessions.getByRole('button', { name: 'End' }).count();
  expect(before).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Log out everywhere' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Log out everywhere' }).click();
  await expect(page).toHaveURL(/\/login$/);
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/login/);
  await other.close();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  for (const theme of ['light', 'dark'] as const) {
    test(`the settings fit, ${theme}`, async ({ page }, info) => {
      await page.emulateMedia({ colorScheme: theme });
      await as(page, OWNER, '/settings');
      const links = page.getByRole('main').getByRole('link');
      await expect(links.first()).toBeVisible();
      const paths = await links.evaluateAll((all) =>
        all.map((link) => new URL((link as HTMLAnchorElement).href).pathname),
      );
      expect(paths.length).toBeGreaterThan(4);
      for (const path of paths) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.locator('[role=status][aria-label=Loading]')).toHaveCount(0);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width, path).toBeLessThanOrEqual(390);
        const name = `${path.split('/').at(-1)}-${theme}.png`;
        await page.screenshot({ path: info.outputPath(name), fullPage: true });
      }
      await page.getByRole('link', { name: 'Settings' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
    });
  }
});
