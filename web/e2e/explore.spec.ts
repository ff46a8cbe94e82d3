import { expect, test, type Locator, type Page } from '@playwright/test';
import { claims, EACH, uniqueText } from './claims';
import { send } from './executions';
import { given, kpi, open, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const TEXT = uniqueText();
const WORKFLOW = `claims-${TEXT}`;
const VIEW = `range=7d&by=day&tz=UTC&workflow=${WORKFLOW}`;

test.beforeAll(async () => {
  await send(claims(WORKFLOW));
});

type Row = Record<string, string | number | null>;

interface Answer {
  rows: Row[];
  totals?: { rows: Row[] } | null;
  other?: { rows: Row[] } | null;
  query: { metrics: string[] };
}

/** Asks the API itself. */
async function ask(page: Page, body: object): Promise<Answer> {
  const text = await page.evaluate(async (body) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const response = await fetch('/api/v1/query', init);
    if (!response.ok) throw new Error(await response.text());
    return response.text();
  }, JSON.stringify(body));
  return JSON.parse(text) as Answer;
}

const table = (page: Page): Locator => page.getByTestId('explore-table');

/** The digits of a figure as it stands in a title; null for "no data". */
function numberIn(title: string): number | null {
  const digits = title.replaceAll(/[^\d.−-]/g, '').replace('−', '-');
  return digits === '' ? null : Number(digits);
}

/** The exact figures of the table: one list for each row, without changes and names. */
async function figures(page: Page): Promise<(number | null)[][]> {
  await settled(page);
  await expect(table(page).locator('tbody tr').first()).toBeVisible();
  const titles = await table(page)
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('td.text-right')]
          .map((cell) => cell.getAttribute('title') ?? '')
          .filter((title) => !title.startsWith('before:') && !title.startsWith('No comparison')),
      ),
    );
  return titles.map((row) => row.map(numberIn));
}

/** Every figure of an answer in the order of the table: the whole range, the groups, the rest. */
function answered({ rows, totals, other, query }: Answer): (number | null)[][] {
  const all = [...(totals?.rows ?? []), ...rows, ...(other?.rows ?? [])];
  return all.map((row) =>
    query.metrics.map((metric) => (typeof row[metric] === 'number' ? row[metric] : null)),
  );
}

/** Whether figures are the same, apart from digits that a title does not have. */
function expectSame(shown: (number | null)[][], wanted: (number | null)[][], of: string): void {
  expect(shown.length, of).toBe(wanted.length);
  shown.forEach((row, index) =>
    row.forEach((value, at) => {
      const other = wanted[index]?.[at] ?? null;
      if (value === null || other === null) expect(value, of).toBe(other);
      else expect(Math.abs(value - other), of).toBeLessThanOrEqual(0.5 + 1e-6 * Math.abs(other));
    }),
  );
}

/** The query that the page shows. */
async function shownQuery(page: Page): Promise<Record<string, unknown>> {
  const text = await page.getByTestId('explore-json').textContent();
  return JSON.parse(text ?? '') as Record<string, unknown>;
}

/** What each card of Overview asks, written down here once more. */
const CARDS: Record<string, { metrics: string[]; dimensions?: string[]; more?: object }> = {
  'executions-chart': {
    metrics: ['completed', 'failed', 'crashed', 'canceled', 'waiting', 'running'],
    more: { granularity: 'day', totals: true },
  },
  'duration-chart': {
    metrics: ['duration_p95', 'duration_p50'],
    more: { granularity: 'day', totals: true },
  },
  'top-errors': {
    metrics: ['errors'],
    dimensions: ['error_type', 'workflow'],
    more: {
      limit: 10,
      limitEach: 1,
      other: true,
      orderBy: [{ metric: 'errors', direction: 'desc' }],
    },
  },
  busiest: {
    metrics: ['executions', 'steps', 'activities'],
    more: { granularity: 'day', totals: true },
  },
};

const FRAME = {
  range: { last: '7d' },
  timezone: 'UTC',
  filters: [{ dimension: 'workflow', op: 'in', values: [WORKFLOW] }],
};

test('every card of Overview that is a query is built again, with the figures of the API', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const complaints = recordComplaints(page);
  const overview = `/?${VIEW}`;
  await open(page, overview);
  await settled(page);
  const seen: string[] = [];
  const cards = page.locator('section[data-testid]:has(a[data-explore])');
  await expect(cards.nth(5)).toBeVisible();
  const ids = await cards.evaluateAll((all) => all.map((card) => card.dataset.testid ?? ''));
  for (const id of ids) {
    await page.getByTestId(id).locator('a[data-explore]').click();
    await expect(page).toHaveURL(/\/explore\?.*metric=/);
    const shown = await figures(page);
    const query = await shownQuery(page);
    expectSame(shown, answered(await ask(page, query)), id);
    const own = CARDS[id];
    if (own) {
      seen.push(id);
      const { metrics, dimensions, more } = own;
      const body = { ...FRAME, metrics, ...(dimensions ? { dimensions } : {}), ...more };
      expectSame(shown, answered(await ask(page, body)), `${id}, by hand`);
    }
    await page.goBack();
    await expect(page).toHaveURL(new RegExp(`/\\?.*range=7d`));
    await settled(page);
  }
  expect(seen.sort()).toEqual(Object.keys(CARDS).sort());
  expect(complaints).toEqual([]);
});

test('a figure of Overview is the total of the same metric in Explore', async ({ page }) => {
  for (const metric of ['completed', 'duration_p50', 'cost', 'success_rate', 'steps']) {
    await open(page, `/?${VIEW}&figure=${metric}`);
    const wanted = await kpi(page, metric);
    await page.getByTestId('figure-chart').locator('a[data-explore]').click();
    await expect(page).toHaveURL(new RegExp(`metric=${metric}`));
    const [total] = await figures(page);
    expect(Math.abs((total?.[0] ?? NaN) - wanted), metric).toBeLessThanOrEqual(0.5);
  }
});

test('a query is built from nothing, and Back takes it apart again', async ({ page }) => {
  await open(page, `/?${VIEW}`);
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await expect(page).toHaveURL(/\/explore\?.*range=7d/);
  await expect(page.getByTestId('starters').getByRole('link')).toHaveCount(5);
  await page.getByRole('button', { name: 'Add a metric' }).click();
  await page.getByRole('combobox').fill('cost');
  await page
    .getByRole('option', { name: /^Cost US\$|^Cost Money/ })
    .first()
    .click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/metric=cost/);
  await page.getByRole('button', { name: 'Add a dimension' }).click();
  await page.getByRole('combobox').fill('model');
  await page.getByRole('option', { name: /^Model/ }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/group=model/);
  await expect(page.getByTestId('explore-chart')).toContainText('small');
  await page.getByRole('button', { name: 'Whole range' }).click();
  // Thirty executions of each version, two cents each.
  await expect.poll(() => figures(page)).toEqual([[0.02 * EACH], [0.02 * EACH]]);
  await page.getByRole('button', { name: 'Add a filter' }).click();
  await page.getByRole('option', { name: /^Model/ }).click();
  await page.getByRole('option', { name: /^small/ }).click();
  await expect(page).toHaveURL(/where=model:small/);
  await expect.poll(() => figures(page)).toEqual([[0.02 * EACH]]);
  await page.goBack();
  await expect.poll(async () => (await figures(page)).length).toBe(2);
  await page.goBack();
  await expect(page.getByTestId('explore-chart')).toContainText('small');
  await page.goBack();
  await expect(page).not.toHaveURL(/group=/);
  await page.goBack();
  await expect(page.getByTestId('starters')).toBeVisible();
});

test('what the API refuses stands at the part of the query that it names', async ({ page }) => {
  await open(page, `/explore?${VIEW}&metric=cost&group=error_type`);
  const groups = page.getByTestId('builder').getByRole('group', { name: 'Group by' });
  await expect(groups.getByRole('alert')).toContainText('`cost` has no dimension `error_type`');
  await page.goto(`/explore?${VIEW}&metric=costs`);
  const metrics = page.getByTestId('builder').getByRole('group', { name: 'Show' });
  await expect(metrics.getByRole('alert')).toContainText('There is no metric `costs`. Fix: cost');
  await metrics.getByRole('button', { name: /^Remove/ }).click();
  await expect(page.getByTestId('starters')).toBeVisible();
});

test('JSON and curl ask for what is shown, and a list becomes a chart by one click', async ({
  page,
}) => {
  await open(page, `/executions?${VIEW}&status=failed`);
  await page.getByTestId('histogram').locator('a[data-explore]').click();
  await expect(page).toHaveURL(/where=status:failed/);
  const query = await shownQuery(page);
  expectSame(await figures(page), answered(await ask(page, query)), 'executions');
  const curl = await page.getByTestId('explore-curl').textContent();
  const body = /-d '(.*)'$/s.exec(curl ?? '')?.[1];
  expect(JSON.parse(body ?? '')).toEqual(query);
  expect(curl).toContain(`curl '${new URL(page.url()).origin}/api/v1/query?projectId=`);
  // A filter that is no dimension would be lost on the way.
  await page.goto(`/executions?${VIEW}&minDuration=100`);
  await settled(page);
  await expect(page.getByTestId('histogram')).toBeVisible();
  await expect(page.getByTestId('histogram').locator('a[data-explore]')).toHaveCount(0);
});

test('bars show every metric, figures lead to executions, and filters say names', async ({
  page,
}) => {
  const grouped = 'metric=executions&metric=duration_p50&group=version&over=range';
  await open(page, `/explore?${VIEW}&${grouped}&where=step:ask`);
  await settled(page);
  await expect(page.getByTestId('explore-filters')).toContainText('The ask');
  await page.goto(`/explore?${VIEW}&${grouped}`);
  await settled(page);
  const bars = page.getByTestId('explore-bars');
  await expect(bars.locator('li')).toHaveCount(2);
  await expect(bars.locator('li').first().locator('[title]')).toHaveCount(3);
  await bars
    .getByRole('link', { name: new RegExp(`^${EACH}, .*1.*: show the executions$`) })
    .click();
  await expect(page).toHaveURL(/\/executions\?.*version=1/);
  await settled(page);
  await expect(page.locator('[data-row]').first()).toBeVisible();
});

test('what does not add up is drawn side by side, if bars are asked for', async ({ page }) => {
  await open(page, `/explore?${VIEW}&metric=duration_p95&metric=duration_p50`);
  await settled(page);
  const chart = page.getByTestId('explore-chart');
  const bars = page.getByTestId('explore-kinds').getByRole('button', { name: 'Bars' });
  await expect(bars).toBeEnabled();
  await bars.click();
  await expect(page).toHaveURL(/chart=bars/);
  // Each bar of the one begins where one of the other ends.
  const paths = chart.locator('svg path[fill^="var(--series"]');
  await expect(paths).toHaveCount(2);
  const [first, second] = await paths.evaluateAll((all) =>
    all.map((path) => {
      const [, left, width] = /M([\d.]+) [\d.]+h([\d.]+)/.exec(path.getAttribute('d') ?? '') ?? [];
      return { left: Number(left), width: Number(width) };
    }),
  );
  expect((first?.left ?? NaN) + (first?.width ?? NaN)).toBeCloseTo(second?.left ?? 0, 0);
});

test('a chart draws eight groups and the rest, the table has every group', async ({ page }) => {
  const many = Array.from({ length: 12 }, (_, index) => ({
    type: 'execution',
    workflowId: `${WORKFLOW}-many`,
    workflowVersion: String(index + 1),
    executionId: `many-${index}`,
    status: 'completed',
    duration: 1000,
    timestamp: new Date(Date.now() - 60_000).toISOString(),
  }));
  await send(many);
  await open(
    page,
    `/explore?range=7d&by=day&tz=UTC&workflow=${WORKFLOW}-many&metric=executions&group=version`,
  );
  await settled(page);
  const legend = page.getByTestId('explore-chart').locator('button[title*="Click to hide"]');
  await expect(legend).toHaveCount(9);
  await expect(legend.last()).toContainText('4 others');
  await expect(table(page).locator('tbody tr')).toHaveCount(12);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the query is folded into words, and nothing scrolls sideways', async ({ page }) => {
    await open(
      page,
      `/explore?${VIEW}&metric=executions&metric=success_rate&group=version&over=range&compare=previous_period`,
    );
    await settled(page);
    await expect(page.getByTestId('explore-bars')).toBeVisible();
    await expect(page.getByTestId('builder')).toHaveCount(0);
    await page.getByRole('button', { name: /Executions and success rate by version/ }).click();
    await expect(page.getByTestId('builder')).toBeVisible();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
  });
});
