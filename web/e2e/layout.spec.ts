import { gzipSync } from 'node:zlib';
import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { given, open, recordCalls, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

/** The most that the first view may load as code: bytes, gzipped. It was 333 kB with a chart library. */
const MOST_CODE = 225_000;
/** The most by which content may move while a page loads (cumulative layout shift). */
const MOST_SHIFT = 0.05;
const DAY_MS = 86_400_000;
const DAYS = 40;

/** A name without a place to break, and one with marks that turn the text around it. */
const LONG = 'unbreakable'.repeat(18).slice(0, 200);
const TURNING = 'orders \u202Ereversed\u202C \u05D0\u05D1';

/** Sends forty days of work whose names are as unkind as names can be. */
async function seed(request: APIRequestContext): Promise<void> {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const events = Array.from({ length: DAYS }, (_, day) => day).flatMap((day) =>
    [LONG, TURNING, 'plain'].flatMap((name, index) => {
      const executionId = `layout-${day}-${index}`;
      const timestamp = new Date(today - day * DAY_MS - index * 60_000).toISOString();
      const failed = (day + index) % 5 === 0;
      const of = { executionId, workflowId: `w${index}-${name}`.slice(0, 200), workflowName: name };
      return [
        {
          ...of,
          type: 'execution',
          status: failed ? 'failed' : 'completed',
          duration: 1000 + 100 * day,
          version: index === 0 && day % 2 === 0 ? LONG : '1',
          errorType: failed ? name.slice(0, 100) : undefined,
          errorMessage: failed ? `${name} failed` : undefined,
          userId: name.slice(0, 100),
          timestamp,
        },
        {
          ...of,
          type: 'step',
          stepId: `s-${name}`.slice(0, 200),
          stepName: name,
          stepType: 'task',
          status: failed ? 'failed' : 'completed',
          errorType: failed ? name.slice(0, 100) : undefined,
          duration: 500 + 10 * day,
          timestamp,
        },
      ];
    }),
  );
  const response = await request.post('/api/v1/events', {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: events,
  });
  expect(response.ok(), await response.text()).toBe(true);
}

test('an empty project offers a key, fills it into the command, and shows it only there', async ({
  page,
  request,
}) => {
  await open(page, '/');
  const command = page.getByTestId('first-event');
  await expect(command).toContainText('curl');
  await expect(command).not.toContainText(/weir_ing_\w{20}/);
  await page.getByRole('button', { name: 'Create a key and fill it in' }).click();
  await expect(command).toContainText(/weir_ing_\w{20}/);
  await expect(page.getByTestId('no-data')).toContainText('only here and only once');
  await expect(page.getByRole('button', { name: 'Create a key and fill it in' })).toHaveCount(0);
  const key = /weir_ing_\w+/.exec((await command.textContent()) ?? '')?.[0];
  const sent = await request.post('/api/v1/events', {
    headers: { authorization: `Bearer ${key}` },
    data: JSON.parse(/-d '(.*)'/.exec((await command.textContent()) ?? '')?.[1] ?? '') as object,
  });
  expect(sent.ok(), await sent.text()).toBe(true);
  await seed(request);
  await expect(page.getByTestId('kpis')).toBeVisible({ timeout: 10_000 });
});

test('the first view loads little code', async ({ page }) => {
  await open(page, '/?range=30d');
  await settled(page);
  await expect(page.getByTestId('executions-chart').getByRole('slider')).toBeVisible();
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map((entry) => entry.name)
      .filter((name) => name.endsWith('.js')),
  );
  const sizes = await Promise.all(
    scripts.map(async (url) => gzipSync(await (await page.request.get(url)).body()).length),
  );
  const sum = sizes.reduce((all, size) => all + size, 0);
  expect(sum).toBeGreaterThan(50_000);
  expect(sum).toBeLessThan(MOST_CODE);
});

/** Delays the answers to queries by different times, so that the cards of a page fill one after the other. */
async function answerSlowly(page: Page): Promise<void> {
  let asked = 0;
  await page.route('**/api/v1/{query,errors}?*', async (route) => {
    asked = (asked + 1) % 6;
    await new Promise((resolve) => setTimeout(resolve, 150 * asked));
    await route.continue();
  });
}

/** By how much content moves from now on, without the user's doing. */
async function watchShifts(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const shifts = { sum: 0 };
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[]) {
        if (!entry.hadRecentInput) shifts.sum += entry.value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return () => page.evaluate(() => (window as unknown as { shifts: { sum: number } }).shifts.sum);
}

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  test(`content hardly moves while a page loads, ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, '/?range=30d');
    await answerSlowly(page);
    const shift = await watchShifts(page);
    for (const path of ['/', '/workflows', `/workflows/w2-plain`, '/errors']) {
      await page.goto(`${path}?range=30d`);
      await settled(page);
      await page.waitForLoadState('networkidle');
      expect(await shift(), path).toBeLessThanOrEqual(MOST_SHIFT);
    }
  });

  test(`key figures take their room before they arrive, ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, '/?range=30d');
    for (const path of ['/', '/workflows/w2-plain']) {
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      await page.route('**/api/v1/query?*', async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(`${path}?range=30d`);
      const room = async (): Promise<number> =>
        (await page.getByTestId('kpis').boundingBox())?.height ?? 0;
      await expect.poll(room).toBeGreaterThan(50);
      await page.waitForLoadState('load');
      const before = await room();
      release();
      await settled(page);
      await expect(page.getByTestId('kpi-executions')).toBeVisible();
      expect(Math.abs((await room()) - before), path).toBeLessThan(2);
      await page.unroute('**/api/v1/query?*');
    }
  });

  test(`names of 200 characters do not widen a page, ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, '/?range=60d');
    const long = encodeURIComponent(`w0-${LONG}`.slice(0, 200));
    const pages = [
      '/',
      '/workflows',
      `/workflows/${long}`,
      '/errors',
      '/settings/projects',
      '/settings/keys',
      '/settings/audit',
    ];
    for (const path of pages) {
      await page.goto(`${path}?range=60d&workflow=${long}`);
      await settled(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, path).toBeLessThanOrEqual(width);
    }
    await page.goto('/errors?range=60d');
    const links = page.getByTestId('error-groups').locator('tbody a[href^="/errors/"]');
    await expect(links.first()).toBeVisible();
    for (const link of await links.evaluateAll((all) => all.map((a) => a.getAttribute('href')))) {
      await page.goto(link ?? '/');
      await expect(page.getByTestId('error-group-title')).toBeVisible();
      await settled(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, link ?? 'error group').toBeLessThanOrEqual(width);
    }
  });
}

test('marks that turn text around stay inside the name', async ({ page }) => {
  await open(page, '/workflows?range=60d');
  const link = page.getByTestId('workflows').getByRole('link', { name: TURNING });
  await expect(link.locator('bdi')).toHaveText(TURNING);
  await page.goto(`/?range=60d&workflow=${encodeURIComponent(`w1-${TURNING}`)}`);
  await expect(page.getByTestId('sentence')).toContainText(`in \u2068${TURNING}\u2069`);
});

test('a busy project asks for each card once while it loads, and cancels what a change of range outdates', async ({
  page,
  request,
}) => {
  await open(page, '/?range=60d');
  await settled(page);
  const { calls } = recordCalls(page);
  await page.reload();
  await expect(page.getByTestId('live')).toHaveAttribute('data-stream', 'open');
  await settled(page);
  const queries = (): string[] => calls.filter((call) => call.includes('/api/v1/query'));
  const loaded = queries();
  expect(loaded.length).toBeGreaterThan(3);
  expect(new Set(loaded).size).toBe(loaded.length);
  // What arrives now refreshes the figures, but not the tables that have only just been loaded.
  const posted = await request.post('/api/v1/events', {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: [
      {
        type: 'execution',
        executionId: `busy-${Date.now()}`,
        workflowId: 'w2-plain',
        status: 'completed',
        timestamp: new Date().toISOString(),
      },
    ],
  });
  expect(posted.ok()).toBe(true);
  await expect.poll(() => queries().length, { timeout: 10_000 }).toBeGreaterThan(loaded.length);
  await page.waitForLoadState('networkidle');
  const again = queries().slice(loaded.length);
  expect(again.filter((call) => call.includes('"dimensions"'))).toEqual([]);

  const canceled: string[] = [];
  page.on('requestfailed', (failed) => {
    if (failed.url().includes('/api/v1/query')) canceled.push(failed.postData() ?? '');
  });
  // Queries state the range that the page resolved.
  const ofTwoWeeks = (body: string | null): boolean => {
    const { range } = JSON.parse(body ?? '') as { range: { from: string; to: string } };
    return Math.round((Date.parse(range.to) - Date.parse(range.from)) / DAY_MS) === 14;
  };
  await page.route('**/api/v1/query?*', async (route) => {
    if (ofTwoWeeks(route.request().postData())) await new Promise(() => undefined);
    else await route.continue();
  });
  const choose = async (name: string): Promise<void> => {
    await page.getByTestId('range').click();
    await page.getByRole('option', { name }).click();
  };
  await page.goto('/?range=14d');
  await expect(page.getByTestId('range')).toContainText('14 days');
  await choose('Last 7 days');
  await settled(page);
  expect(canceled.length).toBeGreaterThan(3);
  expect(canceled.filter((body) => !ofTwoWeeks(body))).toEqual([]);
});
