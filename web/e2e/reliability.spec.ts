import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { uniqueText } from './claims';
import { api, send, type Event } from './executions';
import { given, open, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const DAY = 86_400_000;
const TEXT = uniqueText();
/** What these tests send has an environment of its own: the page is about a whole project. */
const ENV = `rehearsal-${TEXT}`;
const BAD = `late-${TEXT}`;
const GOOD = `punctual-${TEXT}`;
const VIEW = `tz=UTC&env=${ENV}`;
const DAYS = 20;
/** The runs of each workflow on each day, and how many of those of the bad one fail or are slow. */
const RUNS = 20;
const FAILED = 4;
const SLOW = 5;

/** Noon of a day, UTC. */
const noon = (daysAgo: number): number =>
  Math.floor(Date.now() / DAY) * DAY - daysAgo * DAY + DAY / 2;

function run(workflowId: string, daysAgo: number, index: number): Event {
  const bad = workflowId === BAD;
  const failed = bad && index < FAILED;
  return {
    type: 'execution',
    environment: ENV,
    workflowId,
    workflowName: `The ${bad ? 'late' : 'punctual'} trains ${TEXT}`,
    executionId: `${workflowId}-${daysAgo}-${index}`,
    status: failed ? 'failed' : 'completed',
    ...(failed ? { errorType: 'Leaves', errorMessage: 'Leaves on the line' } : {}),
    duration: bad && index >= RUNS - SLOW ? 60_000 : 1000,
    timestamp: new Date(noon(daysAgo) + index * 60_000).toISOString(),
  };
}

const days = Array.from({ length: DAYS }, (_, index) => index + 1);
const runs = Array.from({ length: RUNS }, (_, index) => index);

/** What the trains print, and what waits at their platform. */
function output(daysAgo: number): Event[] {
  const at = (minutes: number): string => new Date(noon(daysAgo) + minutes * 60_000).toISOString();
  const of = { environment: ENV, workflowId: BAD };
  const document = { ...of, type: 'document', kind: `ticket-${TEXT}`, duration: 700 };
  const queue = { ...of, type: 'queue', queue: `platform-${TEXT}` };
  return [
    { ...document, status: 'completed', timestamp: at(0) },
    { ...document, status: 'completed', timestamp: at(1) },
    { ...document, status: 'failed', timestamp: at(2) },
    { ...queue, action: 'enqueued', timestamp: at(3) },
    { ...queue, action: 'enqueued', timestamp: at(4) },
    { ...queue, action: 'dequeued', waitMs: 5000, timestamp: at(5) },
  ];
}

test.beforeAll(async () => {
  await send([
    ...days.flatMap((day) => [BAD, GOOD].flatMap((id) => runs.map((index) => run(id, day, index)))),
    ...days.flatMap(output),
  ]);
});

interface Judged {
  successPct: number | null;
  errorBudgetBurnPct: number | null;
  totalRuns: number;
}

interface Level {
  current: Judged & {
    p95Ms: number;
    verdict: string;
    latency: { inTimePct: number };
    failedRuns: number;
    allowedFailures: number;
  };
  history: Judged[];
  config: { targetSuccessPct: number; targetP95Ms: number; minimumRuns: number };
}

const level = (page: Page, more = ''): Promise<Level> =>
  api(page, `/api/workflow-analytics/sli?timezone=UTC&environment=${ENV}${more}`);

/** The number in a text, without units and separators. */
const numberIn = (text: string | null): number =>
  Number(/-?[\d.,]*\d/.exec(text ?? '')?.[0].replaceAll(',', '') ?? NaN);

/** The exact value of a tile of the page, or what it shows if that is exact. */
async function tile(page: Page, label: string): Promise<number> {
  await settled(page);
  const value = page
    .locator('dl[aria-label="Service level"] > div')
    .filter({ has: page.getByText(label, { exact: true }) })
    .locator('dd')
    .first();
  return numberIn((await value.getAttribute('title')) ?? (await value.textContent()));
}

/** The texts of the cells of a table's rows. */
async function cells(page: Page, table: string): Promise<string[][]> {
  await settled(page);
  const rows = page.getByTestId(table).locator('tbody tr');
  return rows.evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)),
  );
}

test('figures and tables are those of the API', async ({ page }) => {
  const complaints = recordComplaints(page);
  await open(page, `/?${VIEW}`);
  await settled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(page).toHaveURL(/\/reliability\?/);
  const { current } = await level(page);
  // Six whole days of the last seven: today has no runs yet.
  expect(current.totalRuns).toBe(2 * 6 * RUNS);
  expect(current.failedRuns).toBe(6 * FAILED);
  await expect.poll(() => tile(page, 'Success rate')).toBe(current.successPct);
  expect(current.successPct).toBe(90);
  expect(await tile(page, 'Slow runs (p95)')).toBe(current.p95Ms);
  expect(await tile(page, 'Runs today')).toBe(0);
  expect(await tile(page, 'Documents created')).toBeCloseTo(66.67, 1);
  await expect(page.getByTestId('service-state')).toContainText('90.0');
  await expect(page.getByTestId('service-state')).toContainText(
    '1 of the 2 workflows below miss their target',
  );
  await expect(page.getByTestId('budget-explained')).toContainText('together 2');
  await expect(
    page.getByRole('link', { name: `Show the ${6 * FAILED} runs that failed.` }),
  ).toHaveAttribute('href', new RegExp(`env=${ENV}.*status=failed`));
  const kinds = await cells(page, 'documents');
  expect(kinds).toHaveLength(1);
  expect(kinds[0]?.slice(0, 2).map((text) => text.replace(/\s/g, ' '))).toEqual([
    `ticket-${TEXT}`,
    '66.7 %',
  ]);
  const [queue] = await cells(page, 'queues');
  // One more item waits each day, for all of the days.
  expect(queue?.slice(0, 5)).toEqual([`platform-${TEXT}`, '12', '6', '20', '20']);
  expect(complaints).toEqual([]);
});

test('the objective that runs out first is on top, and leads to its workflow', async ({ page }) => {
  await open(page, `/reliability?${VIEW}`);
  const rows = page.getByTestId('objectives').locator('tbody tr');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText(`The late trains ${TEXT}`);
  await expect(rows.nth(1)).toContainText('Whole project');
  await expect(rows.nth(2)).toContainText(`The punctual trains ${TEXT}`);
  for (const [row, id] of [
    [0, BAD],
    [2, GOOD],
  ] as const) {
    const { current } = await level(page, `&workflowId=${id}`);
    const title = await rows.nth(row).locator('td').nth(2).getAttribute('title');
    expect(numberIn(title), id).toBe(current.successPct);
    expect(title?.replace(/\s/g, ' ')).toContain(`${current.totalRuns} runs`);
  }
  await expect(rows.nth(0)).toContainText('spent 10');
  await expect(rows.nth(2)).toContainText('not at this pace');
  await page.getByTestId('service-window').click();
  await page.getByRole('option', { name: 'Last 28 days' }).click();
  await expect(page).toHaveURL(/window=28d/);
  await settled(page);
  await rows.nth(0).getByRole('link').click();
  await expect(page).toHaveURL(new RegExp(`/workflows/${BAD}/service-level.*window=28d`));
  await expect(page.getByTestId('service-state')).toContainText(`${DAYS * RUNS} runs`);
});

test('the window is in the URL, and Back returns to the one before', async ({ page }) => {
  await open(page, `/reliability?${VIEW}`);
  const stated = (of: number): Promise<void> =>
    expect(page.getByTestId('service-state')).toContainText(`of ${of} runs`);
  await stated(2 * 6 * RUNS);
  await page.getByTestId('service-window').click();
  await page.getByRole('option', { name: 'Last 30 days' }).click();
  await expect(page).toHaveURL(/window=30d/);
  await stated(2 * DAYS * RUNS);
  // Documents and queues are of the same time.
  await expect.poll(async () => (await cells(page, 'documents'))[0]?.[3]).toBe(String(DAYS * 3));
  await page.goBack();
  await expect(page).not.toHaveURL(/window=/);
  await stated(2 * 6 * RUNS);
});

test('the table of objectives sorts by its columns, and the URL says how', async ({ page }) => {
  await open(page, `/reliability?${VIEW}&window=28d`);
  const table = page.getByTestId('objectives');
  const names = async (): Promise<string[]> =>
    (await cells(page, 'objectives')).map(
      ([name = '']) => /late|punctual/.exec(name)?.[0] ?? 'all',
    );
  const late = async (): Promise<number> => (await names()).indexOf('late');
  const punctual = async (): Promise<number> => (await names()).indexOf('punctual');
  await expect(table.getByRole('columnheader', { name: 'Runs out' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
  expect(await late()).toBeLessThan(await punctual());
  const sort = table.getByRole('button', { name: 'Success' });
  await sort.click();
  await expect(page).toHaveURL(/sort=success\.asc/);
  expect(await late()).toBeLessThan(await punctual());
  await sort.click();
  await expect(page).toHaveURL(/sort=success\.desc/);
  await expect.poll(async () => (await late()) > (await punctual())).toBe(true);
  await page.reload();
  await settled(page);
  expect(await late()).toBeGreaterThan(await punctual());
});

test('an overspent budget burns down to below a labelled zero line', async ({ page }) => {
  await open(page, `/workflows/${BAD}/service-level?tz=UTC&window=28d`);
  await settled(page);
  const texts = page.getByTestId('budget-left').locator('svg text');
  await expect(texts.filter({ hasText: '0 %: all spent' })).toHaveCount(1);
  const ticks = (await texts.allTextContents()).filter((text) => /%$/.test(text)).map(numberIn);
  expect(Math.min(...ticks)).toBeLessThan(0);
  expect(Math.max(...ticks)).toBeGreaterThanOrEqual(100);
});

test('what a target would have been is what the API says once it is saved', async ({ page }) => {
  await open(page, `/workflows/${BAD}/service-level?tz=UTC`);
  await page.getByRole('button', { name: 'Set target' }).click();
  const preview = page.getByTestId('target-preview');
  const tally = async (id: string): Promise<number> => {
    await settled(page);
    return Number(await preview.locator(`[data-tally=${id}] dd`).first().textContent());
  };
  await page.getByLabel('Minimum number of runs').fill('100');
  await page.getByLabel('Success rate, %').fill('75');
  await page.getByLabel('Error budget, %').fill('');
  await expect(preview).toContainText('Fill in every field');
  await page.getByLabel('Error budget, %').fill('0');
  // A value that no target can have is refused at its field.
  await page.getByLabel('Success rate, %').fill('101');
  await expect(page.getByLabel('Success rate, %')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('dialog').getByRole('alert')).toHaveText(/at most 100/);
  await page.getByRole('button', { name: 'Save target' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Success rate, %')).toBeFocused();
  await page.getByLabel('Success rate, %').fill('75');
  await page.getByLabel('Slowest acceptable p95, ms').fill('2000');
  await expect.poll(() => tally('met')).toBeGreaterThan(0);
  const [met, overspent, few] = [await tally('met'), await tally('overspent'), await tally('few')];
  const now = await page.getByTestId('preview-now').textContent();
  // One success rate and one budget for all; 80 % succeed, 20 of the 25 % that may have failed.
  expect(now?.replace(/\s/g, ' ')).toContain('80.0 % succeeded, 80.0 % of the budget is spent');
  await page.getByRole('button', { name: 'Save target' }).click();
  await expect(page.getByTestId('service-state')).toContainText('target of 75.0');
  const { current, history, config } = await api<Level>(
    page,
    `/api/workflow-analytics/sli?timezone=UTC&workflowId=${BAD}`,
  );
  expect(config).toMatchObject({ targetSuccessPct: 75, targetP95Ms: 2000, minimumRuns: 100 });
  expect([current.successPct, current.errorBudgetBurnPct]).toEqual([80, 80]);
  expect(now?.replace(/\s/g, ' ')).toContain(`${current.latency.inTimePct.toFixed(1)} % were fast`);
  // The preview has a window for each of 90 days, of which the last is the one that has not ended.
  const windows = [current, ...history.slice(0, 89)];
  const judged = windows.filter(({ totalRuns }) => totalRuns >= 100);
  expect(judged.length).toBeGreaterThan(5);
  expect(met).toBe(judged.filter(({ successPct }) => (successPct ?? 0) >= 75).length);
  expect(overspent).toBe(judged.filter((one) => (one.errorBudgetBurnPct ?? 0) > 100).length);
  expect(few).toBe(windows.filter(({ totalRuns }) => totalRuns > 0 && totalRuns < 100).length);
});

test('the past proposes a target, which redraws what would have been', async ({ page }) => {
  await open(page, `/workflows/${GOOD}/service-level?tz=UTC`);
  await page.getByRole('button', { name: 'Set target' }).click();
  const preview = page.getByTestId('target-preview');
  await page.getByLabel('Minimum number of runs').fill('20');
  await page.getByLabel('Slowest acceptable p95, ms').fill('10');
  await expect(preview.locator('[data-tally=slow] dd').first()).not.toHaveText('0');
  await page.getByTestId('propose-success').click();
  await expect(page.getByLabel('Success rate, %')).toHaveValue('99.99');
  await page.getByTestId('propose-p95').click();
  // All runs took a second; a sketch keeps durations to 1 %.
  const proposed = Number(await page.getByLabel('Slowest acceptable p95, ms').inputValue());
  expect(proposed).toBeGreaterThanOrEqual(1000);
  expect(proposed).toBeLessThanOrEqual(1100);
  await settled(page);
  await expect(preview.locator('[data-tally=slow] dd').first()).toHaveText('0');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(preview).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Set target' })).toBeFocused();
});

test('axe finds nothing in either theme', async ({ page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await open(page, `/reliability?${VIEW}`);
    await settled(page);
    await page.waitForTimeout(400);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
  }
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the page is in the menu, and nothing scrolls sideways', async ({ page }) => {
    await open(page, `/?${VIEW}`);
    const bar = page.getByRole('navigation', { name: 'Main' });
    await bar.getByText('More').click();
    await page.getByRole('dialog').getByRole('link', { name: 'Reliability' }).click();
    await expect(page).toHaveURL(/\/reliability\?/);
    await expect(page.getByTestId('objectives').locator('tbody tr')).toHaveCount(3);
    await settled(page);
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'Set target' }).click();
    await expect(page.getByTestId('target-preview')).toBeVisible();
    await settled(page);
    expect(await width()).toBeLessThanOrEqual(390);
    const inside = await page
      .getByRole('dialog')
      .evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
    expect(inside).toBe(0);
  });
});
