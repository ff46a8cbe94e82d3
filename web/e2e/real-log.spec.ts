import { expect, test, type APIRequestContext } from '@playwright/test';
import { given, kpi, LOG, logIn, open, recordCalls, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const SECOND = { id: 'second-workflow', name: 'Second workflow', executions: 5 };

/** How many executions besides those of the log are already stored, from an earlier run against the same server. */
async function extraExecutions(request: APIRequestContext): Promise<number> {
  const response = await request.post('/api/v1/query', {
    data: {
      metrics: ['executions'],
      dimensions: ['workflow'],
      filters: [{ dimension: 'workflow', op: 'in', values: [SECOND.id] }],
      range: { all: true },
      timezone: 'UTC',
    },
  });
  expect(response.ok(), await response.text()).toBe(true);
  const { rows } = (await response.json()) as { rows: { executions: number }[] };
  return rows[0]?.executions ?? 0;
}

test('a first visit logs in, opens with the range of the data, and shows the figures of the log', async ({
  page,
}) => {
  const complaints = recordComplaints(page);
  await page.goto('/');
  await logIn(page);
  await expect(page).toHaveURL(/range=all/);
  const extra = await extraExecutions(page.request);

  expect(await kpi(page, 'executions')).toBe(LOG.executions + extra);
  await expect(page.getByTestId('kpi-executions')).toContainText('13.1k');
  expect(await kpi(page, 'activities')).toBe(LOG.activities);
  await expect(page.getByTestId('kpi-activities')).toContainText('262k');
  expect(await kpi(page, 'steps')).toBe(LOG.steps);
  expect(await kpi(page, 'users')).toBe(LOG.users);
  expect(Math.abs((await kpi(page, 'duration_p50')) / LOG.durationP50 - 1)).toBeLessThan(0.01);
  expect(Math.abs((await kpi(page, 'duration_p95')) / LOG.durationP95 - 1)).toBeLessThan(0.01);
  await expect(page.getByTestId('sentence')).toContainText(/completed .*since 1 Oct 2011/);
  await expect(page.getByTestId('live')).toContainText('Data until 14 Mar 2012');

  const busiest = page.getByTestId('busiest').locator('tbody tr').first();
  await expect(busiest).toContainText(LOG.busiestDay);
  await expect(busiest.locator('td').last()).toHaveAttribute(
    'title',
    LOG.busiestDayActivities.toLocaleString('en'),
  );
  expect(complaints).toEqual([]);
});

test('a wrong password is refused with an explanation, and the right one leads to the page asked for', async ({
  page,
}) => {
  await page.goto('/workflows?range=all&sort=p95.desc');
  await page.getByLabel('E-mail').fill(given.email);
  await page.getByLabel('Password', { exact: true }).fill(`${given.password} wrong`);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('do not match');
  await logIn(page);
  await expect(page).toHaveURL(/\/workflows\?range=all&sort=p95\.desc/);
  await expect(page.getByTestId('workflows')).toContainText('BPI Challenge 2012');
});

test('changing the range changes the figures and the URL, and going back undoes it', async ({
  page,
}) => {
  await open(page, '/?range=all');
  const all = await kpi(page, 'executions');
  await page.keyboard.press('t');
  await page.getByLabel('From').fill('2012-01-01T00:00');
  await page.getByLabel('To', { exact: true }).fill('2012-02-01T00:00');
  await page.getByRole('button', { name: 'Apply' }).last().click();
  await expect(page).toHaveURL(/from=2011-12-31T23:00:00Z&to=2012-01-31T23:00:00Z/);
  await expect(page.getByTestId('range')).toContainText('1 Jan 2012 to 31 Jan 2012');
  const january = await kpi(page, 'executions');
  expect(january).toBeGreaterThan(0);
  expect(january).toBeLessThan(all);
  await page.reload();
  expect(await kpi(page, 'executions')).toBe(january);
  await page.goBack();
  await expect(page.getByTestId('range')).toContainText('All data');
  expect(await kpi(page, 'executions')).toBe(all);
});

test('a range without events says where the data is, and leads there', async ({ page }) => {
  await open(page, '/?range=7d');
  await expect(page.getByTestId('out-of-range')).toContainText('14 Mar 2012');
  await page.getByRole('button', { name: 'Show all data' }).click();
  expect(await kpi(page, 'executions')).toBeGreaterThanOrEqual(LOG.executions);
});

test('dragging over a chart zooms in, a double-click goes back', async ({ page }) => {
  await open(page, '/?range=all');
  const all = await kpi(page, 'executions');
  const chart = page.getByTestId('executions-chart').getByRole('slider');
  const box = await chart.boundingBox();
  if (!box) throw new Error('the chart is not visible');
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.4, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, middle, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=/);
  const part = await kpi(page, 'executions');
  expect(part).toBeGreaterThan(0);
  expect(part).toBeLessThan(all);
  await chart.dblclick();
  await expect(page).toHaveURL(/range=all/);
  expect(await kpi(page, 'executions')).toBe(all);
});

test('a workflow shows its steps, slowest first, with their share of time', async ({ page }) => {
  await open(page, '/workflows?range=all');
  await page.getByRole('link', { name: 'BPI Challenge 2012' }).click();
  await expect(page.getByTestId('workflow-name')).toHaveText('BPI Challenge 2012');
  expect(await kpi(page, 'executions')).toBe(LOG.executions);
  const rows = page.getByTestId('steps').locator('tbody tr');
  await expect(rows.first()).toContainText('W_Valideren aanvraag');
  await expect(rows.first()).toContainText('%');
  await page.getByTestId('steps').getByRole('button', { name: 'Runs' }).click();
  await expect(page).toHaveURL(/sort=runs\.desc/);
  await expect(rows.first()).toContainText('W_Completeren aanvraag');
});

test('no view sends the same request twice', async ({ page }) => {
  await open(page, '/?range=all');
  await settled(page);
  const { calls, clear } = recordCalls(page);
  await page.reload();
  await settled(page);
  await page.waitForLoadState('networkidle');
  expect(calls.length).toBeGreaterThan(3);
  expect(calls.length).toBeLessThanOrEqual(12);
  expect(new Set(calls).size).toBe(calls.length);
  const first = [...calls];
  clear();
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await expect(page.getByTestId('workflows')).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect(page.getByTestId('kpis')).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(calls.filter((call) => first.includes(call))).toEqual([]);
});

test('a page that sends too many requests says so, waits as long as the server asks, and resumes', async ({
  page,
}) => {
  await open(page, '/?range=all');
  const all = await kpi(page, 'executions');
  let refused = 0;
  await page.route('**/api/v1/query?*', async (route) => {
    if ((refused += 1) > 3) return route.continue();
    await route.fulfill({
      status: 429,
      headers: { 'retry-after': '3', 'content-type': 'application/problem+json' },
      body: JSON.stringify({ title: 'Too many requests', status: 429, code: 'rate_limited' }),
    });
  });
  await page.reload();
  await expect(page.getByTestId('rate-limited')).toContainText('asks to wait');
  expect(await kpi(page, 'executions')).toBe(all);
  await expect(page.getByTestId('rate-limited')).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('shortcuts open the help, the palette and the search', async ({ page }) => {
  await open(page, '/?range=all');
  await settled(page);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  // Whoever is faster than the network still gets the search of the page that is coming.
  let asked = false;
  await page.route(/\/assets\/.*\.js$/, async (route) => {
    asked = true;
    await expect.poll(() => searched).toBe(true);
    await route.continue();
  });
  let searched = false;
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Commands' }).fill('workflows');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/workflows/);
  await expect.poll(() => asked).toBe(true);
  await page.keyboard.press('/');
  searched = true;
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('nothing like this');
  await expect(page.getByTestId('workflows')).toContainText('No workflow matches');
});

test('choosing a workflow changes the figures', async ({ page }) => {
  await open(page, '/?range=all');
  await settled(page);
  const events = Array.from({ length: SECOND.executions }, (_, index) => ({
    type: 'execution',
    executionId: `second-${index}`,
    workflowId: SECOND.id,
    workflowName: SECOND.name,
    status: index === 0 ? 'failed' : 'completed',
    errorType: index === 0 ? 'TimeoutError' : undefined,
    duration: 1000,
    timestamp: `2012-02-01T0${index}:00:00Z`,
  }));
  const posted = await page.request.post('/api/v1/events', {
    data: events,
    headers: { authorization: `Bearer ${given.apiKey}` },
  });
  expect(posted.ok(), await posted.text()).toBe(true);

  await page.reload();
  expect(await kpi(page, 'executions')).toBe(LOG.executions + SECOND.executions);
  await page.getByTestId('workflow-filter').click();
  await page.getByRole('option', { name: SECOND.name }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/workflow=second-workflow/);
  await expect(page.getByTestId('kpi-executions')).toHaveAttribute(
    'data-value',
    String(SECOND.executions),
  );
  expect(await kpi(page, 'success_rate')).toBe(80);
  await expect(page.getByTestId('top-errors')).toContainText('TimeoutError');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  for (const theme of ['light', 'dark'] as const) {
    test(`nothing scrolls sideways and targets are large, ${theme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme });
      for (const path of ['/', '/workflows', `/workflows/${LOG.workflow}`]) {
        await open(page, `${path}?range=all`);
        await settled(page);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width, path).toBeLessThanOrEqual(390);
      }
      const dark = await page.evaluate(() => document.documentElement.classList.contains('dark'));
      expect(dark).toBe(theme === 'dark');
      const range = await page.getByTestId('range').boundingBox();
      expect(range?.height).toBeGreaterThanOrEqual(40);
      await page
        .getByRole('navigation', { name: 'Main' })
        .getByRole('link', { name: 'Overview' })
        .click();
      await expect(page.getByTestId('kpis')).toBeVisible();
    });
  }
});
