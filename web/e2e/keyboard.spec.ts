import { expect, test, type Page } from '@playwright/test';
import { given, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const DAY_MS = 86_400_000;
const NAME = 'Keyboard orders';

test.beforeAll(async ({ request }) => {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const events = Array.from({ length: 30 }, (_, day) => ({
    type: 'execution',
    executionId: `keyboard-${day}`,
    workflowId: 'keyboard-orders',
    workflowName: NAME,
    workflowVersion: day < 10 ? '2' : '1',
    status: day % 4 === 0 ? 'failed' : 'completed',
    ...(day % 4 === 0 ? { errorType: 'Timeout', errorMessage: 'Keyboard timeout' } : {}),
    duration: 1000 + 100 * day,
    timestamp: new Date(today - day * DAY_MS).toISOString(),
  }));
  const response = await request.post(`${given.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: events,
  });
  expect(response.ok(), await response.text()).toBe(true);
});

/** No test here touches the pointer: it presses keys, and looks where the focus is. */
async function logIn(page: Page): Promise<void> {
  await page.goto('/login');
  await tabTo(page, page.getByLabel('E-mail'));
  await page.keyboard.type(given.email);
  await tabTo(page, page.getByLabel('Password', { exact: true }));
  await page.keyboard.type(given.password);
  await page.keyboard.press('Enter');
  await expect(page.locator('#content')).toBeVisible();
  await settled(page);
}

/** Presses Tab until an element has the focus. Fails if it takes more than a page has stops. */
async function tabTo(page: Page, target: ReturnType<Page['locator']>): Promise<void> {
  await expect(target).toBeVisible();
  for (let stop = 0; stop < 120; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The keyboard does not get there.');
}

test('from the login to a workflow, into its chart and back', async ({ page }) => {
  await logIn(page);
  await page.goto('/?range=30d');
  await settled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await expect(page).toHaveURL(/\/workflows/);
  await settled(page);
  await page.keyboard.press('/');
  await page.keyboard.type(NAME);
  const link = page.getByRole('link', { name: NAME });
  await expect(link).toBeVisible();
  await tabTo(page, link);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('workflow-name')).toHaveText(NAME);
  await settled(page);

  const chart = page.getByTestId('executions-chart').getByRole('slider');
  await tabTo(page, chart);
  const before = await chart.getAttribute('aria-valuetext');
  // The first press points at the last bucket, which is the one that the slider names without it.
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(chart).not.toHaveAttribute('aria-valuetext', before ?? '');
  const whole = page.url();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=/);
  await settled(page);
  await tabTo(page, page.getByTestId('executions-chart').getByRole('slider'));
  await page.keyboard.press('Backspace');
  await expect(page).toHaveURL(whole);
});

test('the next mark of a chart is one key away', async ({ page }) => {
  await logIn(page);
  const mark = new Date(Math.floor(Date.now() / DAY_MS - 5) * DAY_MS).toISOString();
  await page.goto(`/workflows/keyboard-orders?range=30d&mark=${mark}+Something+happened`);
  await settled(page);
  const chart = page.getByTestId('executions-chart').getByRole('slider');
  await tabTo(page, chart);
  await page.keyboard.press('Home');
  await expect(async () => {
    await page.keyboard.press('m');
    await expect(chart).toHaveAttribute('aria-valuetext', /Something happened/, { timeout: 500 });
  }).toPass();
});

test('the palette leads to errors, a user’s executions and back to where it was opened', async ({
  page,
}) => {
  await logIn(page);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await expect(palette).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await page.keyboard.press('Control+k');
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('Keyboard timeout');
  await expect(palette.getByRole('option', { name: /Keyboard timeout/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/errors\//);
  await page.keyboard.press('Control+k');
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('exe-0123456789');
  await expect(
    palette.getByRole('option', { name: /Open execution exe-0123456789/ }),
  ).toBeVisible();
});

test('range, comparison, table and export need no pointer', async ({ page }) => {
  await logIn(page);
  await page.keyboard.press('t');
  await expect(page.getByRole('listbox', { name: 'Time range' })).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/range=1h/);
  await page.keyboard.press('t');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/range=365d/);
  await page.keyboard.press('c');
  await expect(page).toHaveURL(/compare=previous_period/);
  await page.keyboard.press('c');
  await expect(page).not.toHaveURL(/compare=/);
  await settled(page);

  const card = page.getByTestId('executions-chart');
  await tabTo(page, card.getByRole('button', { name: 'Show as table' }));
  await page.keyboard.press('Enter');
  await expect(card.getByRole('table')).toBeVisible();
  await tabTo(page, card.getByRole('button', { name: /^Export / }));
  await page.keyboard.press('Enter');
  const file = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await file).suggestedFilename()).toMatch(/^weir-executions-.*\.csv$/);
});

test('a filter is chosen and its value typed without leaving the keyboard', async ({ page }) => {
  await logIn(page);
  await page.goto('/executions?range=30d');
  await settled(page);
  const choose = async (name: string): Promise<void> => {
    await tabTo(page, page.getByTestId('add-filter'));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('combobox', { name: 'Filter' })).toBeFocused();
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
  };
  await choose('Workflow');
  await expect(page.getByRole('combobox', { name: 'Workflow' })).toBeFocused();
  await page.keyboard.type(NAME);
  await expect(page.getByRole('option', { name: NAME })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/workflow=keyboard-orders/);
  await expect(page).toHaveURL(/range=30d/);
  await choose('Status');
  await expect(page.getByRole('listbox', { name: 'Status' })).toBeFocused();
  await page.keyboard.press('Escape');
  await choose('Minimum duration');
  await expect(page.getByLabel('Minimum duration')).toBeFocused();
});

test('after a shortcut the keys act on the page, not on what had the focus', async ({ page }) => {
  await logIn(page);
  await page.goto('/?range=30d');
  await settled(page);
  await page.getByTestId('workflow-filter').focus();
  await page.keyboard.press('g');
  await page.keyboard.press('x');
  await expect(page).toHaveURL(/\/executions/);
  await expect(page.locator('tr[data-row]').first()).toBeVisible();
  await settled(page);
  await expect(page.locator('#content')).toBeFocused();
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('j');
  await expect(page.locator('tr[data-at=true]')).toHaveCount(1);
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  const current = page.locator('tr[data-at=true]');
  const chosen = page.locator('tr[data-row]:has(:checked)');
  await expect(chosen).toHaveCount(1);
  const outline = (element: Element): string => getComputedStyle(element).outlineStyle;
  expect(await current.evaluate(outline)).toBe('solid');
  expect(await chosen.evaluate(outline)).toBe('none');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/executions\/.+/);
});

/** Answers requests for a path only after a while. */
const slowly = (page: Page, path: RegExp): Promise<unknown> =>
  page.route(path, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await route.continue();
  });

test('keys pressed while the next page is on its way act on that page', async ({ page }) => {
  await logIn(page);
  await page.goto('/?range=30d');
  await settled(page);
  await slowly(page, /\/assets\/pages-.*\.js/);
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await page.keyboard.press('/');
  await page.keyboard.type('Keyboard c');
  const search = page.locator('[data-search]');
  await expect(search).toBeFocused();
  await expect(search).toHaveValue('Keyboard c');
  // The next keys are typed by the browser itself.
  await page.keyboard.type('x');
  await expect(search).toHaveValue('Keyboard cx');
  await page.unroute(/\/assets\/pages-.*\.js/);
  await page.goto('/?range=30d');
  await settled(page);
  await slowly(page, /\/assets\/pages-.*\.js/);
  await slowly(page, /\/api\/v1\/executions/);
  await page.keyboard.press('g');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/executions\/.+/);
});

test('what is typed into the palette before it is there is kept', async ({ page }) => {
  await logIn(page);
  await slowly(page, /\/api\/v1\/session/);
  await page.goto('/?range=30d', { waitUntil: 'domcontentloaded' });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('keyboard timeout');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await expect(palette.getByRole('combobox')).toHaveValue('keyboard timeout');
  await expect(palette.getByRole('option', { name: /Keyboard timeout/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/errors\//);
});

test('the first stop of a page skips to its content', async ({ page }) => {
  await logIn(page);
  await page.reload();
  await settled(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#content')).toBeFocused();
});
