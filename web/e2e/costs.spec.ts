import { expect, test, type Page } from '@playwright/test';
import { uniqueText } from './claims';
import { api, send, type Event } from './executions';
import { given, open, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const DAY = 86_400_000;
const TEXT = uniqueText();
const WORKFLOW = `letters-${TEXT}`;
const VIEW = `range=7d&by=day&tz=UTC&workflow=${WORKFLOW}`;
const OF_WORKFLOW = `last=7d&timezone=UTC&workflowId=${WORKFLOW}`;

/** Noon of a day, UTC; and its date. */
const noon = (daysAgo: number): number =>
  Math.floor(Date.now() / DAY) * DAY - daysAgo * DAY + DAY / 2;
const dateOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

/** An execution that cost something, by a user and a model. */
function letter(
  id: string,
  at: number,
  spent: { amount: string; model: string; user: string; failed?: boolean },
): Event[] {
  const of = {
    workflowId: WORKFLOW,
    workflowName: `The letters ${TEXT}`,
    executionId: `${WORKFLOW}-${id}`,
    userId: spent.user,
    timestamp: new Date(at).toISOString(),
  };
  const outcome = spent.failed
    ? { status: 'failed', errorType: 'Jam', errorMessage: 'The paper jammed' }
    : { status: 'completed' };
  const tokens = { inputTokens: 1000, cacheReadTokens: 400, outputTokens: 50, reasoningTokens: 20 };
  return [
    { ...of, ...outcome, type: 'execution', duration: 1000 },
    { ...of, ...tokens, type: 'cost', dollarAmount: spent.amount, model: spent.model },
  ];
}

test.beforeAll(async () => {
  await send([
    // Charts begin with the data: this is older than the range.
    ...letter('0', noon(20), { amount: '1', model: 'quill', user: `ada-${TEXT}` }),
    ...letter('1', noon(3), { amount: '4', model: 'quill', user: `ada-${TEXT}` }),
    ...letter('2', noon(3), { amount: '1.5', model: 'brush', user: `bob-${TEXT}` }),
    ...letter('3', noon(2), { amount: '2.5', model: 'quill', user: `ada-${TEXT}`, failed: true }),
  ]);
});

interface Costs {
  current: Record<string, number>;
  waste: Record<'failed' | 'successful', { cost: number; executions: number }> & { cost: number };
}

const dollars = (text: string | null): number => Number((text ?? '').replace(/[$,]/g, ''));

/** The exact figures of the row of tiles. */
async function tiles(page: Page): Promise<number[]> {
  await settled(page);
  const shown = page.locator('dl[aria-label=Costs] dd[title]');
  const titles = await shown.evaluateAll((all) => all.map((one) => one.getAttribute('title')));
  return titles.map(dollars);
}

/** The exact amounts of a table, by the names of its rows. */
async function amounts(page: Page, table: string): Promise<Record<string, number>> {
  await settled(page);
  const rows = await page.locator(`${table} tbody tr`).evaluateAll((all) =>
    all.map((row) => {
      const [name, spent] = row.querySelectorAll('td');
      return [name?.textContent ?? '', spent?.title ?? ''];
    }),
  );
  return Object.fromEntries(rows.map(([name, spent]) => [name ?? '', dollars(spent ?? '')]));
}

const slider = (page: Page) => page.getByTestId('cost-chart').getByRole('slider');

test('figures, outcomes and tokens are those of the API', async ({ page }) => {
  const complaints = recordComplaints(page);
  await open(page, `/?${VIEW}`);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Costs' }).click();
  await expect(page).toHaveURL(/\/costs\?.*range=7d/);
  const { current, waste } = await api<Costs>(page, `/api/v1/analytics/costs?${OF_WORKFLOW}`);
  expect(current.totalCost).toBe(8);
  await expect.poll(async () => (await tiles(page)).length).toBeGreaterThan(0);
  const [spent, perExecution, perSuccess, wasted] = await tiles(page);
  expect(spent).toBe(8);
  expect(perExecution).toBeCloseTo(current.costPerExecution ?? NaN, 2);
  expect(perSuccess).toBe(current.costPerSuccessfulExecution);
  expect(wasted).toBe(2.5);
  await expect(page.getByTestId('sentence')).toContainText('$8.00 was spent');
  const outcome = (id: 'failed' | 'successful') =>
    page.getByTestId('waste').locator(`[data-part=${id}]`);
  for (const id of ['failed', 'successful'] as const) {
    const title = await outcome(id).locator('[title]').getAttribute('title');
    expect(dollars(title)).toBe(waste[id].cost);
    await expect(outcome(id)).toContainText(`${waste[id].executions} execution`);
  }
  const tokens = { fresh: 1800, cacheRead: 1200, answer: 90, reasoning: 60 };
  for (const [kind, count] of Object.entries(tokens)) {
    const part = page.getByTestId('tokens').locator(`[data-part=${kind}] [title]`);
    const title = await part.getAttribute('title');
    expect(Number(title?.replace(/\D/g, '')), kind).toBe(count);
  }
  await outcome('failed').getByRole('link').click();
  await expect(page).toHaveURL(/\/executions\?.*status=failed/);
  await expect(page.locator('#content')).toContainText('1 execution matches');
  await expect(page.locator('#content')).toContainText('The paper jammed');
  expect(complaints).toEqual([]);
});

test('costs are split by any dimension, and Back returns to the one before', async ({ page }) => {
  await open(page, `/costs?${VIEW}`);
  const table = '[data-testid=cost-breakdown]';
  await expect.poll(() => amounts(page, table)).toEqual({ quill: 6.5, brush: 1.5 });
  await page.getByTestId('cost-split').click();
  await page.getByRole('option', { name: 'User', exact: true }).click();
  await expect(page).toHaveURL(/split=user/);
  await expect
    .poll(() => amounts(page, table))
    .toEqual({ [`ada-${TEXT}`]: 6.5, [`bob-${TEXT}`]: 1.5 });
  await page.goBack();
  await expect.poll(() => amounts(page, table)).toEqual({ quill: 6.5, brush: 1.5 });
});

test('a day says who spent it, by mouse and keyboard, and Back closes it', async ({ page }) => {
  await open(page, `/costs?${VIEW}`);
  await settled(page);
  await expect(slider(page)).toBeVisible();
  // The last of seven days is today, whether or not a forecast follows.
  const days = await slider(page).getAttribute('aria-valuemax');
  expect(Number(days)).toBeGreaterThanOrEqual(6);
  await slider(page).focus();
  await page.keyboard.press('Home');
  for (let day = 0; day < 3; day += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await expect(page).toHaveURL(new RegExp(`day=${dateOf(noon(3))}`));
  const of = (dimension: string): string => `[data-testid=cost-day] [data-by=${dimension}]`;
  await expect
    .poll(() => amounts(page, of('user')))
    .toEqual({ [`ada-${TEXT}`]: 4, [`bob-${TEXT}`]: 1.5 });
  expect(await amounts(page, of('model'))).toEqual({ quill: 4, brush: 1.5 });
  expect(await amounts(page, of('workflow'))).toEqual({ [`The letters ${TEXT}`]: 5.5 });
  await page.goBack();
  await expect(page.getByTestId('cost-day')).toHaveCount(0);
  await page.goto(`/costs?${VIEW}&day=${dateOf(noon(2))}`);
  await expect.poll(() => amounts(page, of('user'))).toEqual({ [`ada-${TEXT}`]: 2.5 });
  await settled(page);
  const box = await slider(page).boundingBox();
  if (!box) throw new Error('The chart has no box.');
  await slider(page).click({ position: { x: 70, y: box.height / 2 } });
  await expect(page).toHaveURL(new RegExp(`day=${dateOf(noon(6))}`));
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`day=${dateOf(noon(2))}`));
});

test('a day is left out of the forecast, and counted again', async ({ page }) => {
  const day = dateOf(noon(3));
  await open(page, `/costs?${VIEW}&day=${day}`);
  const panel = page.getByTestId('cost-day');
  const asked = page.waitForResponse((answer) => answer.url().includes(`leaveOut=${day}`));
  await panel.getByRole('button', { name: 'Leave out of the forecast' }).click();
  expect(((await (await asked).json()) as { leftOut: string[] }).leftOut).toEqual([day]);
  await expect(page).toHaveURL(new RegExp(`leaveOut=${day}`));
  const note = page.getByTestId('cost-chart').getByText('forecast without');
  await expect(note).toBeVisible();
  await panel.getByRole('button', { name: 'Count in the forecast again' }).click();
  await expect(note).toHaveCount(0);
  // Today is not over, so the forecast is not made from it.
  await page.goto(`/costs?${VIEW}&day=${dateOf(noon(0))}`);
  await expect(panel).toBeVisible();
  await expect(panel.getByRole('button', { name: /forecast/ })).toHaveCount(0);
});

test('another range has other figures, and Back has the first ones', async ({ page }) => {
  await open(page, `/costs?${VIEW}`);
  await expect.poll(async () => (await tiles(page))[0]).toBe(8);
  const day = new Date(Math.floor(noon(2) / DAY) * DAY);
  const next = new Date(day.getTime() + DAY);
  await page.goto(
    `/costs?from=${day.toISOString()}&to=${next.toISOString()}&tz=UTC&workflow=${WORKFLOW}`,
  );
  await expect.poll(async () => (await tiles(page))[0]).toBe(2.5);
  await page.goBack();
  await expect.poll(async () => (await tiles(page))[0]).toBe(8);
});

test('a budget says how much of it is used, and is a line where it limits the bars', async ({
  page,
}) => {
  await open(page, `/costs?${VIEW}`);
  const budget = { name: `Ink ${TEXT}`, level: 'workflow', workflowId: WORKFLOW, period: 'day' };
  const status = await page.evaluate(
    async (body) => {
      const init = { method: 'PUT', headers: { 'content-type': 'application/json' }, body };
      return (await fetch('/api/v1/analytics/costs/budgets', init)).status;
    },
    JSON.stringify({ budgets: [{ ...budget, amount: 6 }] }),
  );
  expect(status).toBe(200);
  const now = { type: 'cost', workflowId: WORKFLOW, timestamp: new Date().toISOString() };
  await send([{ ...now, dollarAmount: '3' }]);
  await page.reload();
  const row = page.getByTestId('budgets').locator('tbody tr').filter({ hasText: TEXT });
  await expect(row).toContainText(`Ink ${TEXT}`);
  await expect(row).toContainText('50.0');
  await expect(row).toContainText('not reached');
  await expect(page.getByTestId('cost-chart').getByText(`Budget: Ink ${TEXT}`)).toBeVisible();
});

test('a budget is added, changed and deleted on the page', async ({ page }) => {
  await open(page, `/costs?${VIEW}`);
  const card = page.getByTestId('budgets');
  const row = card.locator('tbody tr').filter({ hasText: `Paper ${TEXT}` });
  await card.getByRole('button', { name: 'Add a budget' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(`Paper ${TEXT}`);
  await dialog.getByLabel('Limit in US dollars').fill('40');
  await dialog.getByLabel('Whose spending it limits').selectOption('workflow');
  await dialog.getByLabel('ID of the workflow').fill(WORKFLOW);
  await dialog.getByLabel('Alert when this percentage is spent').fill('half');
  await dialog.getByRole('button', { name: 'Save budget' }).click();
  await expect(dialog.getByRole('alert')).toContainText('percentages above 0');
  await dialog.getByLabel('Alert when this percentage is spent').fill('50, 90');
  await dialog.getByRole('button', { name: 'Save budget' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row).toContainText('$40.00');
  await expect(row).toContainText('50.0');
  interface List {
    budgets: { name: string; amount: number; workflowId: string; thresholds: object[] }[];
  }
  const stored = async (): Promise<List['budgets']> =>
    (await api<List>(page, '/api/v1/analytics/costs/budgets')).budgets.filter(
      ({ name }) => name === `Paper ${TEXT}`,
    );
  const [made] = await stored();
  expect(made).toMatchObject({ amount: 40, workflowId: WORKFLOW });
  expect(made?.thresholds).toHaveLength(3);
  await row.getByRole('button', { name: /^Change/ }).click();
  await dialog.getByLabel('Limit in US dollars').fill('60');
  await dialog.getByRole('button', { name: 'Save budget' }).click();
  await expect(row).toContainText('$60.00');
  await row.getByRole('button', { name: /^Delete/ }).click();
  await dialog.getByRole('button', { name: 'Delete budget' }).click();
  await expect(row).toHaveCount(0);
  expect(await stored()).toEqual([]);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the page is in the menu, and nothing scrolls sideways', async ({ page }) => {
    await open(page, `/?${VIEW}`);
    const bar = page.getByRole('navigation', { name: 'Main' });
    await expect(bar.locator('a:visible, button:visible')).toHaveCount(6);
    await bar.getByText('More').click();
    await page.getByRole('dialog').getByRole('link', { name: 'Costs' }).click();
    await expect(page).toHaveURL(/\/costs\?/);
    await page.goto(`/costs?${VIEW}&day=${dateOf(noon(3))}`);
    await expect(page.getByTestId('cost-day')).toBeVisible();
    await settled(page);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
  });
});
