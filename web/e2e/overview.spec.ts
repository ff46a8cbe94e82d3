import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { given, open, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const DAY_MS = 86_400_000;
const CHANGES = '**/api/v1/analytics/changes?*';

/** Sixty days of two regions of one automation, and of another. */
async function seed(request: APIRequestContext): Promise<void> {
  const events = Array.from({ length: 60 }, (_, day) => day).flatMap((day) =>
    ['Order sync EMEA', 'Order sync APAC', 'Billing'].map((name) => ({
      type: 'execution',
      executionId: `overview-${name}-${day}`,
      workflowId: name.toLowerCase().replaceAll(' ', '-'),
      workflowName: name,
      status: name === 'Billing' && day < 30 && day % 2 === 0 ? 'failed' : 'completed',
      errorType: name === 'Billing' && day < 30 && day % 2 === 0 ? 'Timeout' : undefined,
      duration: name === 'Order sync APAC' && day < 30 ? 60_000 + day : 2000 + day,
      timestamp: new Date(Date.now() - day * DAY_MS).toISOString(),
    })),
  );
  const response = await request.post(`${given.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: events,
  });
  expect(response.ok(), await response.text()).toBe(true);
}

test.beforeAll(async ({ request }) => seed(request));

/** A change as the API would report it, so that the page can be tested for every one. */
function change(parts: object): object {
  return {
    id: 'a',
    kind: 'workflow_slower',
    since: new Date(Date.now() - 5 * DAY_MS).toISOString(),
    until: null,
    ongoing: true,
    workflow: { id: 'order-sync-apac', name: 'Order sync APAC' },
    workflows: [{ id: 'order-sync-apac', name: 'Order sync APAC' }],
    workflowCount: 1,
    version: null,
    step: null,
    connector: null,
    model: null,
    errorGroup: null,
    metric: 'duration_avg',
    unit: 'milliseconds',
    before: 2000,
    after: 60_000,
    ratio: 30,
    difference: { value: 58_000, lower: 57_000, upper: 59_000 },
    effect: {
      runs: 5,
      failedRuns: null,
      milliseconds: 290_000,
      cost: null,
      perRunMilliseconds: 58_000,
      costPerDay: null,
    },
    samples: { before: 55, after: 5 },
    confidence: 'likely',
    pValue: 0.0004,
    series: { bucket: 'day', from: new Date(Date.now() - 30 * DAY_MS).toISOString(), values: [] },
    ...parts,
  };
}

/** Answers for the API what changed. */
async function answer(page: Page, changes: object[], parts: object = {}): Promise<void> {
  const comparedWith = {
    from: new Date(Date.now() - 58 * DAY_MS).toISOString(),
    to: new Date(Date.now() - 30 * DAY_MS).toISOString(),
  };
  const body = {
    comparedWith,
    changes,
    tested: 9,
    omitted: 0,
    notEnoughData: false,
    daysWithData: 60,
    daysNeeded: 8,
    meta: { completeness: { newestEvent: null, sources: [], gaps: [], completeUntil: null } },
    ...parts,
  };
  await page.route(CHANGES, (route) => route.fulfill({ json: body }));
}

test('nothing changed is one line that says against what', async ({ page }) => {
  await answer(page, []);
  await open(page, '/?range=30d');
  await expect(page.getByTestId('no-changes')).toContainText(/Nothing changed .* compared with/);
});

test('too little data is said, with what is missing', async ({ page }) => {
  await answer(page, [], { notEnoughData: true, daysWithData: 3 });
  await open(page, '/?range=30d');
  await expect(page.getByTestId('no-changes')).toContainText(
    /3.days since .* 20\d\d, and at least 8/,
  );
});

test('changes that cannot be loaded leave the rest of the page', async ({ page }) => {
  let broken = true;
  await answer(page, []);
  await page.route(CHANGES, (route) =>
    broken
      ? route.fulfill({
          status: 500,
          contentType: 'application/problem+json',
          json: { title: 'Something is broken', status: 500, code: 'internal' },
        })
      : route.fallback(),
  );
  await open(page, '/?range=30d');
  const card = page.getByTestId('changes');
  await expect(card.getByRole('alert')).toContainText('could not be loaded');
  await expect(page.getByTestId('kpi-completed')).toHaveAttribute('data-value', /\d/);
  const again = card.getByRole('button', { name: 'Try again' });
  await expect(again).toBeVisible();
  // The page also asks again when events arrive, so the click follows at once.
  broken = false;
  await again.click();
  await expect(page.getByTestId('no-changes')).toBeVisible();
});

test('the row of a change is a link that sets range, figure and mark, and Back undoes it', async ({
  page,
}) => {
  await answer(
    page,
    [change({}), change({ id: 'b', kind: 'error_new', errorGroup: { id: 'x', title: 'y' } })],
    {
      omitted: 3,
    },
  );
  await open(page, '/?range=30d&env=');
  const rows = page.getByTestId('changes').locator('li[data-kind]');
  await expect(rows).toHaveCount(2);
  await expect(page.getByTestId('changes')).toContainText('3 not shown');
  await expect(rows.first()).toContainText(/30.× as long/);
  await expect(rows.first()).toContainText(/\+58\.0.s per run/);
  // The whole row leads there, not only its words.
  const box = (await rows.first().boundingBox())!;
  await page.mouse.click(box.x + box.width - 20, box.y + box.height / 2);
  await expect(page).toHaveURL(/\/workflows\/order-sync-apac\?.*from=.*figure=duration_p50.*mark=/);
  await expect(page.locator('[data-mark=change]').first()).toBeVisible();
  await page.getByRole('button', { name: 'Remove the mark' }).click();
  await expect(page).not.toHaveURL(/mark=/);
  await expect(page.locator('[data-mark=change]')).toHaveCount(0);
  await page.goBack();
  await expect(page).toHaveURL(/\/\?.*range=30d/);
});

test('on a phone, the main chart stands above the fold, whatever changed', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const changes of [[], Array.from({ length: 5 }, (_, id) => change({ id: String(id) }))]) {
    await page.unroute(CHANGES);
    await answer(page, changes);
    await open(page, '/?range=30d');
    await settled(page);
    const chart = (await page.getByTestId('executions-chart').boundingBox())!;
    const bar = (await page.getByRole('navigation').filter({ visible: true }).boundingBox())!;
    expect(chart.y + chart.height).toBeLessThanOrEqual(bar.y + 40);
    // The axis of the chart, and so the whole drawing, is above the bar at the bottom.
    const drawing = (await page.getByTestId('executions-chart').getByRole('slider').boundingBox())!;
    expect(drawing.y + drawing.height).toBeLessThanOrEqual(bar.y);
  }
});

test('the leading figures are large, and one that is clicked decides what explains it', async ({
  page,
}) => {
  await answer(page, []);
  await open(page, '/?range=30d');
  await settled(page);
  const size = (metric: string): Promise<number> =>
    page
      .getByTestId(`kpi-${metric}`)
      .getByRole('button')
      .evaluate((button) => parseFloat(getComputedStyle(button).fontSize));
  for (const metric of ['completed', 'duration_p50', 'cost']) {
    expect(await size(metric)).toBeGreaterThan(1.3 * (await size('steps')));
  }
  await expect(page.getByTestId('duration-chart')).toBeVisible();
  await page.getByTestId('kpi-cost').getByRole('button').click();
  await expect(page.getByTestId('breakdown')).toContainText('Cost by model');
  await expect(page.getByTestId('duration-chart')).toHaveCount(0);
  await page.getByTestId('kpi-failed').getByRole('button').click();
  await expect(page.getByTestId('breakdown')).toContainText('Failed steps by connector');
});

test('workflows are told in a word, the worst change first, and families unfold', async ({
  page,
}) => {
  await answer(page, []);
  await open(page, '/workflows?range=30d&group=off');
  await settled(page);
  const list = page.getByTestId('workflows');
  const names = list.locator('tbody [data-row-link]');
  await expect(names).toHaveText(['Order sync APAC', 'Billing', 'Order sync EMEA']);
  await expect(list.locator('tbody tr')).toContainText([/slower/, /failing/, /healthy/]);
  // The keyboard moves between rows and opens one.
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(names.nth(1)).toBeFocused();
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/workflows\/order-sync-apac/);
  await page.goBack();

  await page.getByTestId('group-by').click();
  await page.getByRole('option', { name: /^Name/ }).click();
  await expect(page).not.toHaveURL(/group=/);
  const family = list.getByRole('button', { name: /^Order sync/ });
  await expect(family).toContainText('2 workflows');
  await expect(list.locator('tbody tr')).toHaveCount(2);
  await family.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/open=order/);
  await expect(list.locator('tbody tr')).toHaveCount(4);
  await page.keyboard.press('ArrowLeft');
  await expect(list.locator('tbody tr')).toHaveCount(2);

  await list.getByRole('button', { name: /failing/ }).click();
  await expect(page).toHaveURL(/state=failing/);
  await expect(list.locator('tbody tr')).toHaveCount(1);
  await page.reload();
  await expect(list.locator('tbody tr')).toHaveCount(1);
  await list.getByRole('button', { name: 'All', exact: true }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('apac');
  await expect(names).toHaveText(['Order sync APAC']);
  await page.keyboard.press('ArrowDown');
  await expect(names.first()).toBeFocused();
});

test('on a phone, workflows are cards', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await answer(page, []);
  await open(page, '/workflows?range=30d&group=off');
  await settled(page);
  const list = page.getByTestId('workflows');
  await expect(list.getByRole('table')).toHaveCount(0);
  await expect(list.getByRole('listitem')).toHaveCount(3);
  await list.getByLabel('Order by').selectOption('name');
  await expect(page).toHaveURL(/sort=name\.asc/);
  await expect(list.locator('[data-row-link]').first()).toHaveText('Billing');
});
