import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { given, kpi, open, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const HOUR = 3_600_000;
/** Hours ago at which an execution ended: every hour of two days, and a single one twenty days ago. */
const AGES = [...Array.from({ length: 48 }, (_, hour) => hour), 20 * 24];

async function send(request: APIRequestContext): Promise<void> {
  const events = AGES.map((age) => ({
    type: 'execution',
    executionId: `truth-${age}`,
    workflowId: 'orders',
    workflowName: 'The orders',
    status: age % 5 === 0 ? 'failed' : 'completed',
    errorType: age % 5 === 0 ? 'Timeout' : undefined,
    errorMessage: age % 5 === 0 ? 'The shop timed out' : undefined,
    duration: 1200,
    timestamp: new Date(Date.now() - age * HOUR).toISOString(),
  }));
  const response = await request.post('/api/v1/events', {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: events,
  });
  expect(response.ok(), await response.text()).toBe(true);
}

test.beforeAll(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: given.url });
  await send(request);
  await request.dispose();
});

interface Body {
  range: unknown;
  metrics: string[];
}

/** Holds back the answers to queries until it is told to let them through. */
async function hold(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/v1/query?*', async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

async function choose(page: Page, preset: string): Promise<void> {
  await page.getByTestId('range').click();
  await page.getByRole('option', { name: preset }).click();
}

for (const range of ['6h', '24h', '7d', '30d', 'all']) {
  test(`all cards of a page cut time alike, and so do figures and charts: ${range}`, async ({
    page,
  }) => {
    const ranges = new Set<string>();
    page.on('request', (request) => {
      if (!request.url().includes('/api/v1/query')) return;
      ranges.add(JSON.stringify((request.postDataJSON() as Body).range));
    });
    await open(page, `/?range=${range}`);
    const executions = await kpi(page, 'executions');
    expect(executions).toBeGreaterThan(0);
    expect([...ranges]).toHaveLength(1);
    const legend = page.getByTestId('executions-chart').getByRole('button', { pressed: true });
    let drawn = 0;
    for (const entry of await legend.all()) {
      drawn += Number(/: ([\d,]+)\./.exec((await entry.getAttribute('title')) ?? '')?.[1] ?? 0);
    }
    expect(drawn).toBe(executions);
    const cut = JSON.parse([...ranges][0] ?? '{}') as { from: string; to: string };
    const asked = page.waitForRequest('**/api/v1/errors/groups?*');
    await page.getByRole('navigation').getByRole('link', { name: 'Errors' }).click();
    const parameters = new URL((await asked).url()).searchParams;
    expect({ from: parameters.get('from'), to: parameters.get('to') }).toEqual(cut);
  });
}

test('a range up to the present follows the server, even if the clock of the browser is wrong', async ({
  page,
}) => {
  await page.clock.install({ time: Date.now() - 3 * 24 * HOUR });
  const asked = page.waitForRequest('**/api/v1/query?*');
  await open(page, '/?range=24h');
  const { range } = (await asked).postDataJSON() as { range: { to: string } };
  expect(Math.abs(Date.parse(range.to) - Date.now())).toBeLessThanOrEqual(HOUR);
  expect(await kpi(page, 'executions')).toBeGreaterThanOrEqual(23);
});

test('old figures keep their labels while others are on the way', async ({ page }) => {
  const complaints = recordComplaints(page);
  await open(page, '/?range=24h');
  await settled(page);
  const sentence = page.getByTestId('sentence');
  const chart = page.getByTestId('executions-chart');
  await expect(sentence).toContainText('in the last 24 hours');
  await expect(chart).toContainText('per hour');
  const release = await hold(page);
  await choose(page, 'Last 90 days');
  await expect(page.getByTestId('range')).toContainText('Last 90 days');
  await expect(chart.locator('[aria-busy=true]')).toBeVisible();
  await expect(sentence).toContainText('in the last 24 hours');
  await expect(chart).toContainText('per hour');
  await expect(page.getByTestId('busiest')).toContainText('Busiest hours');
  release();
  await expect(sentence).toContainText('in the last 90 days');
  await expect(chart).toContainText('per day');
  await expect(page.getByTestId('busiest')).toContainText('Busiest days');
  expect(complaints).toEqual([]);
});

test('no change is shown against a period that had next to no data, and the page says why', async ({
  page,
}) => {
  await open(page, '/?range=7d&compare=previous_period');
  await settled(page);
  await expect(page.getByTestId('kpi-executions')).toContainText('no comparison');
  await page.getByTestId('kpi-executions').getByRole('button').hover();
  await expect(page.getByRole('tooltip')).toContainText('the previous period has no data');
  await expect(page.getByTestId('executions-chart')).toContainText('no comparison');
  await page.goto('/errors?range=7d');
  await settled(page);
  const group = page.getByTestId('error-groups').locator('tbody tr').first();
  await expect(page.getByTestId('error-groups')).toContainText('No comparison: the previous');
  await expect(group).toContainText('–');
  await expect(group).not.toContainText('new');
  // Every hour of yesterday has data, as every hour of today.
  await page.goto('/?range=24h');
  await settled(page);
  await expect(page.getByTestId('kpi-executions')).toContainText(/no change|%/);
});

test('all data is compared with nothing', async ({ page }) => {
  await open(page, '/?range=all&compare=previous_period');
  await settled(page);
  await expect(page.getByTestId('compare')).not.toContainText('vs');
});

test('a workflow that does not exist is told from one that did not run', async ({ page }) => {
  await open(page, '/workflows/nothing-like-this?range=30d');
  await expect(page.getByTestId('unknown-workflow')).toContainText('nothing-like-this');
  await page.goto('/workflows/orders?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z');
  await expect(page.getByTestId('workflow-name')).toHaveText('The orders');
  await expect(page.getByTestId('out-of-range')).toContainText('No events of The orders');
  await expect(page.getByTestId('unknown-workflow')).toHaveCount(0);
});

test('hidden statuses and tables are in the URL', async ({ page }) => {
  await open(page, '/?range=24h');
  const chart = page.getByTestId('executions-chart');
  await chart.getByRole('button', { name: 'Failed' }).click();
  await expect(page).toHaveURL(/hide=failed/);
  await chart.getByRole('button', { name: 'Show as table' }).click();
  await expect(page).toHaveURL(/table=executions/);
  await page.reload();
  await expect(chart.getByRole('columnheader', { name: 'Completed' })).toBeVisible();
  await expect(chart.getByRole('columnheader', { name: 'Failed' })).toHaveCount(0);
  await expect(page.getByTestId('duration-chart').getByRole('table')).toHaveCount(0);
  await chart.getByRole('button', { name: 'Failed' }).click();
  await chart.getByRole('button', { name: 'Show as chart' }).click();
  await expect(page).not.toHaveURL(/hide=|table=/);
});

test('a list of workflows or versions that cannot be loaded says so', async ({ page }) => {
  await page.route('**/api/v1/query?*', async (route) => {
    const { metrics } = route.request().postDataJSON() as Body;
    // Of all queries, only these two have success rates but not the figures of the page.
    const listed = metrics.includes('success_rate') && !metrics.includes('cost');
    if (!listed) return route.continue();
    await route.fulfill({
      status: 500,
      headers: { 'content-type': 'application/problem+json' },
      body: JSON.stringify({ title: 'Something is broken', status: 500, code: 'internal' }),
    });
  });
  await open(page, '/workflows/orders?range=24h');
  await expect(page.getByTestId('versions').getByRole('alert')).toContainText(
    'could not be loaded',
  );
  await page.goto('/?range=24h');
  await page.getByTestId('workflow-filter').click();
  await expect(page.getByText('Workflows could not be loaded (')).toBeVisible();
});

test('the worst success rates come first', async ({ page }) => {
  await open(page, '/workflows?range=24h');
  await page.getByRole('button', { name: 'Success rate' }).click();
  await expect(page).toHaveURL(/sort=success\.asc/);
});
