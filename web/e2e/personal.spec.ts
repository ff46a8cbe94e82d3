import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Browser, type Locator, type Page } from '@playwright/test';
import { given, open, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const PREFERENCES = '/api/v1/profile/preferences';
/** An id that is hard to write in an address. */
const ODD = 'personal a/b 100% 🚀';
const NAME = 'Failed, of the odd one';

test.beforeAll(async ({ request }) => {
  const response = await request.post(`${given.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: [1, 2, 3].map((at) => ({
      type: 'execution',
      executionId: `personal-${at}`,
      workflowId: ODD,
      status: 'failed',
      errorType: 'Timeout',
      duration: 1000,
      timestamp: new Date(Date.now() - at * 3_600_000).toISOString(),
    })),
  });
  expect(response.ok(), await response.text()).toBe(true);
});

/** Calls the API as the person whose page it is. */
async function ask(page: Page, method: string, path: string, data?: object): Promise<unknown> {
  const headers = { origin: new URL(given.url ?? '').origin };
  const response = await page.request.fetch(`${given.url}${path}`, { method, data, headers });
  expect(response.ok(), await response.text()).toBe(true);
  return response.status() === 204 ? null : await response.json();
}

interface View {
  id: string;
  name: string;
  page: { path: string[]; parameters: Record<string, string> };
}

const viewsOf = async (page: Page): Promise<View[]> =>
  ((await ask(page, 'GET', '/api/v1/views')) as { views: View[] }).views;

/** Leaves no views and preferences for the tests after this one. */
test.afterEach(async ({ page }) => {
  for (const { id } of await viewsOf(page)) await ask(page, 'DELETE', `/api/v1/views/${id}`);
  await ask(page, 'PUT', PREFERENCES, {});
});

const rail = (page: Page): Locator => page.getByTestId('rail-views');
const dialog = (page: Page, name: string): Locator => page.getByRole('dialog', { name });

async function save(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Save this view');
  await page.keyboard.press('Enter');
  await dialog(page, 'Save this view').getByLabel('Name').fill(name);
  await page.keyboard.press('Enter');
  await expect(dialog(page, 'Save this view')).toBeHidden();
  await expect(rail(page).getByRole('link', { name })).toBeVisible();
}

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target.join()}`));
}

const searchOf = (page: Page): [string, string][] =>
  [...new URL(page.url()).searchParams].filter(([name]) => name !== 'project').sort();

test('a view is saved with its filters, found, opened, shared and deleted', async ({ page }) => {
  const odd = encodeURIComponent(ODD);
  await open(page, `/executions?range=7d&status=failed&workflow=${odd}&columns=status&columns=id`);
  await settled(page);
  const search = searchOf(page);
  await save(page, NAME);
  const link = rail(page).getByRole('link', { name: NAME });
  await expect(link).toHaveAttribute('aria-current', 'page');
  await open(page, `/workflows/${odd}/steps?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z`);
  await settled(page);
  await save(page, 'Steps of the odd one');

  await link.click();
  await expect(page.getByTestId('sentence')).toContainText('executions match in the last 7 days');
  expect(searchOf(page)).toEqual(search);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Steps of the odd');
  await expect(page.getByRole('option', { name: /Steps of the odd one/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=2026-01-01T00:00:00Z&.*to=2026-01-03T00:00:00Z/);
  const [, , id, tab] = new URL(page.url()).pathname.split('/');
  expect([decodeURIComponent(id ?? ''), tab]).toEqual([ODD, 'steps']);

  await rail(page).getByRole('button', { name: 'All views' }).click();
  const all = dialog(page, 'Saved views');
  await expect(all.getByTestId('saved-view')).toHaveCount(2);
  expect(await faults(page)).toEqual([]);
  await all.getByRole('button', { name: `Edit ${NAME}` }).click();
  await page.getByLabel('Share with the project').check();
  await page.keyboard.press('Enter');
  await expect(all.getByTestId('saved-view').filter({ hasText: NAME })).toContainText('Shared');
  await all.getByRole('button', { name: `Delete ${NAME}` }).click();
  await dialog(page, `Delete ${NAME}`).getByRole('button', { name: 'Delete' }).click();
  await expect(all.getByTestId('saved-view')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(rail(page).getByRole('link', { name: NAME })).toHaveCount(0);
});

test('what someone else has changed is said, not overwritten', async ({ page }) => {
  await open(page, '/errors?range=30d');
  await settled(page);
  await save(page, 'Errors, a month');
  const [view] = await viewsOf(page);
  if (!view) throw new Error('There is no view.');
  await rail(page).getByRole('button', { name: 'All views' }).click();
  await page.getByRole('button', { name: 'Edit Errors, a month' }).click();
  await ask(page, 'PUT', `/api/v1/views/${view.id}`, { name: 'Theirs', page: view.page });
  await page.getByRole('textbox', { name: 'Name' }).fill('Mine');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Someone changed this view');
  expect((await viewsOf(page)).map(({ name }) => name)).toEqual(['Theirs']);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('saved-view')).toContainText('Mine');
  expect((await viewsOf(page)).map(({ name }) => name)).toEqual(['Mine']);
});

/** Another browser of the same person. */
async function elsewhere(browser: Browser, path: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await open(page, path);
  return page;
}

test('preferences are the same in a second browser, and a sent link keeps what it says', async ({
  page,
  browser,
}) => {
  await open(page, '/settings/profile');
  const card = page.getByTestId('preferences');
  await card.getByLabel('Theme').selectOption('dark');
  await card.getByLabel('Time zone').selectOption('Asia/Kolkata');
  await card.getByLabel('Time range').selectOption('90d');
  await card.getByLabel('Start page').selectOption('executions');
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card.getByRole('status')).toHaveText('Preferences saved.');
  await expect(page.locator('html')).toHaveClass('dark');

  const other = await elsewhere(browser, '/');
  await expect(other).toHaveURL(/\/executions\?range=90d$/);
  await expect(other.locator('html')).toHaveClass('dark');
  await expect(other.getByTestId('zone')).toContainText('Kolkata');
  await other.getByTestId('columns').click();
  await other.getByRole('option', { name: 'ID', exact: true }).click();
  await expect(other).toHaveURL(/columns=id/);
  await other.goto('/errors?range=7d&tz=UTC');
  await expect(other.getByTestId('zone')).toContainText('UTC');
  await expect(other).toHaveURL(/range=7d/);
  await other.context().close();

  await page.goto('/executions?range=24h');
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'ID', exact: true })).toBeVisible();
  expect(page.url()).not.toContain('columns');
});

test('the saved view that opens first does, and the overview stays within reach', async ({
  page,
}) => {
  await open(page, '/costs?range=30d');
  await settled(page);
  await save(page, 'Costs, a month');
  await page.goto('/settings/profile');
  const card = page.getByTestId('preferences');
  await card.getByLabel('Start page').selectOption('View: Costs, a month');
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card.getByRole('status')).toHaveText('Preferences saved.');
  await page.goto('/');
  await expect(page).toHaveURL(/\/costs\?.*range=30d/);
  await settled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect(page.getByTestId('kpis')).toBeVisible();
});

test('a theme that cannot be saved holds in this browser, and is saved later', async ({ page }) => {
  await open(page, '/?range=7d');
  await page.route(`**${PREFERENCES}`, (route) =>
    route.request().method() === 'PUT' ? route.abort() : route.continue(),
  );
  await page.getByTestId('account').locator('visible=true').click();
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveClass('dark');
  await expect(page.getByTestId('unsaved')).toContainText('not saved on the server yet');
  await page.unroute(`**${PREFERENCES}`);
  const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT');
  await page.reload();
  await saved;
  await expect(page.locator('html')).toHaveClass('dark');
  expect(await ask(page, 'GET', PREFERENCES)).toMatchObject({ theme: 'dark' });
});

test('an announcement stands above the page until it is dismissed', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const said = (id: string, level: string) => ({
    id,
    level,
    text: 'Figures are late <b>tonight</b>',
    startsAt: '2026-11-28T12:00:00Z',
    endsAt: '2100-01-01T00:00:00Z',
  });
  let announcement = said('01a22247-0000-7000-8000-000000000001', 'warning');
  await page.route('**/api/v1/announcement', (route) => route.fulfill({ json: { announcement } }));
  await open(page, '/?range=7d&tz=UTC');
  await settled(page);
  const banner = page.getByRole('status').filter({ hasText: 'Figures are late' });
  await expect(banner).toHaveText(
    'Warning: Figures are late <b>tonight</b> Until 1 Jan 2100, 00:00.',
  );
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBe(390);
  expect(await faults(page)).toEqual([]);
  await banner.getByRole('button', { name: 'Dismiss this announcement' }).click();
  await expect(banner).toHaveCount(0);
  await page.reload();
  await settled(page);
  await expect(banner).toHaveCount(0);

  announcement = said('01a22247-0000-7000-8000-000000000002', 'info');
  await page.reload();
  await expect(banner).toContainText('Announcement: Figures are late');
});
