import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { given, kpi, open, recordComplaints } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

/** A committed event is on the page within this time: a busy page pauses up to three seconds between two refreshes. */
const SOON = { timeout: 8_000 };

let sent = 0;

/** Sends executions that finish now. */
async function send(
  request: APIRequestContext,
  workflow: string,
  statuses: string[],
): Promise<void> {
  const events = statuses.map((status) => ({
    type: 'execution',
    executionId: `live-${(sent += 1)}`,
    workflowId: workflow,
    workflowName: `The ${workflow}`,
    status,
    duration: 1200 + 10 * sent,
    errorType: status === 'failed' ? 'Timeout' : undefined,
    timestamp: new Date().toISOString(),
  }));
  const response = await request.post('/api/v1/events', {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: events,
  });
  expect(response.ok(), await response.text()).toBe(true);
}

/** Marks the page: a reload would lose the mark. */
async function mark(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => document.body.setAttribute('data-marked', 'yes'));
  return () => expect(page.locator('body')).toHaveAttribute('data-marked', 'yes');
}

const value = (page: Page, metric: string) => page.getByTestId(`kpi-${metric}`);

test('an empty project shows figures when its first event arrives', async ({ page, request }) => {
  await open(page, '/');
  await expect(page.getByTestId('no-data')).toBeVisible();
  const notReloaded = await mark(page);
  await send(request, 'orders', ['completed', 'completed', 'failed']);
  await expect(value(page, 'executions')).toHaveAttribute('data-value', '3', { timeout: 10_000 });
  await notReloaded();
});

test('the overview updates with every commit, without a reload', async ({
  page,
  request,
}, info) => {
  const complaints = recordComplaints(page);
  await open(page, '/?range=24h');
  const live = page.getByTestId('live');
  await expect(live).toHaveAttribute('data-stream', 'open');
  const before = await kpi(page, 'executions');
  const notReloaded = await mark(page);
  for (const step of [1, 2, 3]) {
    await send(request, 'orders', ['completed']);
    const expected = String(before + step);
    await expect(value(page, 'executions')).toHaveAttribute('data-value', expected, SOON);
  }
  await send(request, 'invoices', ['failed', 'crashed']);
  await expect(value(page, 'executions')).toHaveAttribute('data-value', String(before + 5), SOON);
  await expect(page.getByTestId('sentence')).toContainText(String(before + 5), SOON);
  await expect(live).toContainText('Live');
  await notReloaded();
  await page.screenshot({ path: info.outputPath('overview.png') });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: info.outputPath('overview-phone.png') });
  expect(complaints).toEqual([]);
});

test('a workflow updates with its own executions only', async ({ page, request }, info) => {
  await open(page, '/workflows/orders?range=24h');
  await expect(page.getByTestId('live')).toHaveAttribute('data-stream', 'open');
  const before = await kpi(page, 'executions');
  const notReloaded = await mark(page);
  await send(request, 'invoices', ['completed']);
  await send(request, 'orders', ['completed', 'failed']);
  await expect(value(page, 'executions')).toHaveAttribute('data-value', String(before + 2), SOON);
  await notReloaded();
  await page.screenshot({ path: info.outputPath('workflow.png') });
});

test('a lost connection is shown, figures still update, and the connection is restored', async ({
  page,
  request,
}, info) => {
  await page.route('**/api/v1/sse/**', (route) => route.abort());
  await open(page, '/?range=24h');
  const live = page.getByTestId('live');
  await expect(live).toContainText('Reconnecting');
  await page.screenshot({ path: info.outputPath('reconnecting.png') });
  const before = await kpi(page, 'executions');
  await send(request, 'orders', ['completed']);
  // The page polls from time to time.
  const more = String(before + 1);
  await expect(value(page, 'executions')).toHaveAttribute('data-value', more, { timeout: 20_000 });
  await page.unroute('**/api/v1/sse/**');
  await expect(live).toHaveAttribute('data-stream', 'open', { timeout: 40_000 });
  await send(request, 'orders', ['completed']);
  await expect(value(page, 'executions')).toHaveAttribute('data-value', String(before + 2), SOON);
});

test('what could not be loaded is read again when the server is back', async ({ page }) => {
  await page.route('**/api/v1/sse/**', (route) => route.abort());
  await page.route('**/api/v1/executions**', (route) => route.abort());
  await page.route('**/api/v1/executions/**', (route) => route.abort());
  await open(page, '/executions?range=24h');
  const failed = page.getByText('could not be loaded');
  await expect(failed.first()).toBeVisible();
  await expect(page.getByText('unreachable')).toHaveCount(0);
  await page.unrouteAll();
  await expect(page.getByTestId('live')).toHaveAttribute('data-stream', 'open', {
    timeout: 40_000,
  });
  await expect(failed).toHaveCount(0);
  await expect(page.locator('[data-testid=executions] tr[data-row]').first()).toBeVisible();
});

test('a page without a stream reads again, too, when the server is back', async ({ page }) => {
  const now = Date.now();
  const range = new URLSearchParams({
    from: new Date(now - 3_600_000).toISOString(),
    to: new Date(now + 3_600_000).toISOString(),
  });
  for (const [address, read] of [
    [`/executions?${range.toString()}`, '[data-testid=executions] tr[data-row]'],
    ['/settings/keys', '[data-testid=keys] tbody tr'],
  ] as const) {
    await page.route('**/api/v1/executions**', (route) => route.abort());
    await page.route('**/api/v1/analytics/**', (route) => route.abort());
    await page.route('**/api/v1/api-keys**', (route) => route.abort());
    await open(page, address);
    const failed = page.getByText('could not be loaded');
    await expect(failed.first()).toBeVisible();
    await page.unrouteAll();
    await expect(failed).toHaveCount(0, { timeout: 40_000 });
    await expect(page.locator(read).first()).toBeVisible();
  }
});

test('a paused page receives nothing, and catches up when it is resumed', async ({
  page,
  request,
}) => {
  await open(page, '/?range=24h');
  const live = page.getByTestId('live');
  await expect(live).toHaveAttribute('data-stream', 'open');
  const before = await kpi(page, 'executions');
  await live.click();
  await expect(live).toContainText('Paused');
  await expect(live).toHaveAttribute('data-stream', 'closed');
  await send(request, 'orders', ['completed']);
  await live.click();
  await expect(live).toHaveAttribute('data-stream', 'open');
  await expect(value(page, 'executions')).toHaveAttribute('data-value', String(before + 1), SOON);
});
