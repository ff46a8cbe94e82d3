import { expect, test, type APIRequestContext } from '@playwright/test';
import { given, kpi, open, recordCalls, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const MINUTE = 60_000;
/** Executions of each of two versions; in the second, "ask" takes ten times as long and fails more often. */
const EACH = 30;
const WORKFLOW = 'claims';

interface Step {
  id: string;
  duration: number;
  failed: boolean;
}

/** The events of one execution, and of its steps one after the other. */
function execution(index: number, version: string, steps: Step[], end: number): object[] {
  const of = {
    workflowId: WORKFLOW,
    workflowName: 'The claims',
    workflowVersion: version,
    executionId: `claim-${index}`,
  };
  const failed = steps.some((step) => step.failed);
  const total = steps.reduce((sum, step) => sum + step.duration, 0);
  let at = end - total;
  return [
    ...steps.map((step) => ({
      ...of,
      type: 'step',
      stepId: step.id,
      stepName: `The ${step.id}`,
      stepType: 'http',
      status: step.failed ? 'failed' : 'completed',
      errorType: step.failed ? 'Timeout' : undefined,
      duration: step.duration,
      timestamp: new Date((at += step.duration)).toISOString(),
    })),
    {
      ...of,
      type: 'execution',
      status: failed ? 'failed' : 'completed',
      errorType: failed ? 'Timeout' : undefined,
      errorMessage: failed ? 'The adjuster did not answer' : undefined,
      errorStep: failed ? 'ask' : undefined,
      duration: total,
      timestamp: new Date(end).toISOString(),
    },
    {
      ...of,
      type: 'cost',
      dollarAmount: '0.02',
      model: version === '1' ? 'small' : 'large',
      timestamp: new Date(end).toISOString(),
    },
  ];
}

/** A workflow with more paths than one page of variants has, and two whose executions belong to one client. */
const PATHS = 130;
const CLIENTS = [
  { id: 'billing', name: 'Billing', client: 'Acme' },
  { id: 'refunds', name: 'Refunds', client: 'Acme' },
];

/** Executions with different paths: the number of an execution in ternary digits, as steps. */
function pathsOf(index: number): object[] {
  const of = { workflowId: 'paths', executionId: `path-${index}` };
  const end = Date.now() - index * MINUTE;
  const steps = [...index.toString(3).padStart(5, '0')].map((digit, at) => ({
    ...of,
    type: 'step',
    stepId: `${at}${digit}`,
    status: 'completed',
    duration: 10,
    timestamp: new Date(end - (5 - at) * 100).toISOString(),
  }));
  const whole = { type: 'execution', status: 'completed', duration: 600 };
  return [...steps, { ...of, ...whole, timestamp: new Date(end).toISOString() }];
}

/** Declares a key of `metadata` and sends executions that have it. */
async function seedClients(request: APIRequestContext): Promise<object[]> {
  const headers = { authorization: `Bearer ${given.apiKey}` };
  const { projects } = (await (await request.get('/api/v1/projects', { headers })).json()) as {
    projects: { id: string }[];
  };
  const path = `/api/v1/projects/${projects[0]?.id}/dimensions`;
  const { version } = (await (await request.get(path, { headers })).json()) as { version: number };
  const declared = await request.put(path, {
    headers: { ...headers, 'if-match': `"${version}"` },
    data: { dimensions: [{ key: 'client', label: 'Client' }] },
  });
  expect(declared.ok(), await declared.text()).toBe(true);
  return CLIENTS.map(({ id, name, client }) => ({
    type: 'execution',
    workflowId: id,
    workflowName: name,
    executionId: `${id}-1`,
    status: 'completed',
    duration: 1000,
    metadata: { client },
    timestamp: new Date(Date.now() - MINUTE).toISOString(),
  }));
}

async function seed(request: APIRequestContext): Promise<void> {
  const events = Array.from({ length: 2 * EACH }, (_, index) => {
    const second = index >= EACH;
    const failed = second ? index % 2 === 0 : index === 3;
    const steps = [
      { id: 'zip', duration: 100 + (index % 3), failed: false },
      { id: 'ask', duration: (second ? 5000 : 500) + (index % 7), failed },
      ...(failed ? [] : [{ id: 'pay', duration: 50, failed: false }]),
    ];
    const end = Date.now() - (2 * EACH - index) * 10 * MINUTE;
    return execution(index, second ? '2' : '1', steps, end);
  });
  const paths = Array.from({ length: PATHS }, (_, index) => pathsOf(index));
  const response = await request.post('/api/v1/events', {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: [...events.flat(), ...paths.flat(), ...(await seedClients(request))],
  });
  expect(response.ok(), await response.text()).toBe(true);
}

test.beforeAll(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: given.url });
  await seed(request);
  await request.dispose();
});

const at = (tab = ''): string => `/workflows/${WORKFLOW}${tab && `/${tab}`}?range=24h`;

test('each tab has an address, Back returns, and what one tab chose stays with it', async ({
  page,
}) => {
  const complaints = recordComplaints(page);
  await open(page, at());
  const tabs = page.getByRole('navigation', { name: 'Views of this workflow' });
  await expect(tabs.getByRole('link', { name: 'Overview' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await tabs.getByRole('link', { name: 'Steps' }).click();
  await expect(page).toHaveURL(/\/workflows\/claims\/steps\?range=24h$/);
  await page.getByTestId('workflow-steps').getByRole('button', { name: 'The pay' }).click();
  await expect(page).toHaveURL(/step=pay/);
  await expect(page.getByTestId('step-duration')).toContainText('The pay');
  await tabs.getByRole('link', { name: 'Cost' }).click();
  await expect(page).toHaveURL(/\/cost\?range=24h$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/steps\?range=24h&step=pay/);
  await page.goBack();
  await expect(page.getByTestId('step-duration')).toContainText('The ask');
  await page.goBack();
  expect(await kpi(page, 'executions')).toBe(2 * EACH);
  await expect(page.getByTestId('workflow-name')).toHaveText('The claims');
  expect(complaints).toEqual([]);
});

test('addresses that other systems know lead to the figures', async ({ page }) => {
  await open(page, `/workflows/${WORKFLOW}/analytics?range=24h`);
  await expect(page).toHaveURL(/\/workflows\/claims\/funnel\?range=24h/);
  const { projects } = (await (await page.request.get('/api/v1/projects')).json()) as {
    projects: { id: string }[];
  };
  const id = projects[0]?.id ?? '';
  await page.goto(`/projects/${id}/analytics?range=24h`);
  await expect(page).toHaveURL(new RegExp(`/\\?.*project=${id}`));
  expect(await kpi(page, 'executions')).toBe(2 * EACH + PATHS + CLIENTS.length);
});

test('the grid shows how each step of the newest executions went, and opens them by mouse and keyboard', async ({
  page,
}) => {
  await open(page, at('grid'));
  const grid = page.getByRole('grid');
  await expect(grid).toBeVisible();
  await expect(page.getByTestId('grid')).toContainText('the newest 50 of 60');
  // By name, "ask" would come first.
  await expect(grid.locator('tbody th')).toHaveText(['The zip', 'The ask', 'The pay']);
  await expect(grid.locator('a[data-status=failed]')).toHaveCount(EACH / 2);
  const newest = grid.locator('[data-at="0 49"]');
  await page.keyboard.press('Tab');
  await newest.focus();
  await expect(newest).toHaveAttribute('tabindex', '0');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('tooltip')).toContainText('The ask in the execution of');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('tooltip')).toContainText('failed, 5.00');
  const href = (await grid.locator('[data-at="2 48"]').getAttribute('href')) ?? '';
  const id = /\/executions\/([0-9a-f-]{36})/.exec(href)?.[1] ?? '';
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/executions/${id}`));
  const detail = await page.request.get(`/api/v1/executions/${id}`);
  expect(((await detail.json()) as { status: string }).status).toBe('failed');
  // The step of the cell is open.
  await expect(page.getByTestId('waterfall')).toContainText('Step IDask');
  await page.goBack();
  await page.getByTestId('grid-runs').click();
  await page.getByRole('option', { name: 'Newest 25' }).click();
  await expect(page).toHaveURL(/runs=25/);
  await expect(grid.locator('thead a')).toHaveCount(25);
});

test('the grid marks the release of a version at its first execution, and the charts at its moment', async ({
  page,
}) => {
  await open(page, at('grid'));
  const versions = page.getByTestId('grid-versions');
  // Of the newest 50 executions, 20 ran the first version.
  await expect(versions.locator('td')).toHaveText(['1', '2']);
  await expect(versions.locator('[data-release]')).toHaveAttribute('data-release', '2');
  const left = async (selector: string): Promise<number> =>
    (await page.locator(selector).boundingBox())?.x ?? NaN;
  const gap = (await left('[data-release]')) - (await left('[data-at="0 20"]'));
  expect(Math.abs(gap)).toBeLessThan(3);
  // In the newest 25, no execution ran another version: nothing is marked.
  await open(page, `${at('grid')}&runs=25`);
  await settled(page);
  await expect(versions.locator('td')).toHaveText(['2']);
  await expect(versions.locator('[data-release]')).toHaveCount(0);
});

test('every path of a process can be listed, and no page of them is asked for twice', async ({
  page,
}) => {
  const { calls } = recordCalls(page);
  const asked = () => calls.filter((call) => call.includes('/paths/variants?'));
  await open(page, '/workflows/paths/map?range=24h&live=off');
  await settled(page);
  const list = page.getByTestId('variants');
  const rows = list.locator('[data-variant]');
  await expect(rows).toHaveCount(20);
  await list.getByRole('button', { name: 'Show 100 more' }).click();
  await expect(rows).toHaveCount(120);
  await list.getByRole('button', { name: 'Show 10 more' }).click();
  await expect(rows).toHaveCount(PATHS);
  await expect(list.getByRole('button', { name: /^Show \d+ more/ })).toHaveCount(0);
  expect(asked()).toHaveLength(3);
  expect(asked().filter((call) => !call.includes('cursor='))).toHaveLength(1);
  const ids = () => rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-variant')));
  const before = await ids();
  expect(new Set(before).size).toBe(PATHS);
  await page.reload();
  await expect(rows).toHaveCount(PATHS);
  expect(await ids()).toEqual(before);
  await page.goBack();
  await expect(rows).toHaveCount(120);
});

test('a map that fills the window shows what is open beside it, and Back undoes each click', async ({
  page,
}) => {
  await open(page, at('map'));
  await settled(page);
  await page.getByRole('button', { name: 'Fill the window' }).click();
  await page.locator('[data-node="step:ask"]').click();
  const details = page.getByTestId('map-details');
  await expect(details).toContainText('The ask');
  const box = await details.boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBe(1440);
  await expect(page.getByTestId('comparison').locator('xpath=..')).toHaveAttribute('inert', '');
  await page.goBack();
  await expect(details).toHaveCount(0);
  await page.goBack();
  await expect(page).not.toHaveURL(/full=/);
  await page.getByRole('button', { name: 'Failures' }).click();
  await page.getByRole('button', { name: 'Time', exact: true }).click();
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Failures' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
});

test('two versions compared say which step takes longer', async ({ page }) => {
  await open(page, `${at('map')}&a=version:1&b=version:2`);
  await settled(page);
  const steps = page.getByRole('table', { name: 'Steps that differ most' });
  // 500 ms against 5 s, which weighs more than any difference of shares.
  await expect(steps.locator('tbody tr').filter({ hasText: 'The ask' })).toContainText(
    /9\.\d\u00a0×|10\u00a0×/,
  );
});

test('workflows are grouped by a declared dimension', async ({ page }) => {
  await open(page, '/workflows?range=24h');
  await settled(page);
  const list = page.getByTestId('workflows');
  await page.getByTestId('group-by').click();
  await page.getByRole('option', { name: /^Client/ }).click();
  await expect(page).toHaveURL(/group=metadata\.client/);
  const family = list.getByRole('button', { name: /^Acme/ });
  await expect(family).toContainText('2 workflows');
  // Workflows without a client stand alone.
  await expect(list.locator('tbody tr')).toHaveCount(3);
  await family.click();
  await expect(list.locator('tbody [data-row-link]')).toContainText(['Billing', 'Refunds']);
  await page.goBack();
  await expect(list.locator('tbody tr')).toHaveCount(3);
  await page.goBack();
  await expect(page.getByTestId('group-by')).toHaveText('Group by: Name');
  await page.goto('/workflows?range=24h&group=metadata.team');
  await expect(list).toContainText('does not declare the dimension “');
});

test('versions name the step behind a change, and say what they cannot', async ({ page }) => {
  await open(page, at('versions'));
  await settled(page);
  const rows = page.getByTestId('version-list').locator('tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('worse');
  await expect(rows.first()).toContainText('+4.50 s, fails more often');
  await expect(rows.last()).toContainText('nothing before it to compare with');
  const change = page.getByTestId('version-change');
  await expect(change).toContainText('What changed from version');
  await expect(change).toContainText('accounts for');
  await expect(change).toContainText('The ask');
  await expect(change).toContainText('fails more often');
});

test('the funnel shows who gets how far, and its numbers equal those of the API', async ({
  page,
}) => {
  await open(page, at('funnel'));
  await settled(page);
  const answer = await page.request.get(`/api/v1/workflows/${WORKFLOW}/analytics/funnel?last=24h`);
  const { entered, converted } = (await answer.json()) as { entered: number; converted: number };
  expect(entered).toBe(2 * EACH);
  await expect(page.getByTestId('funnel')).toContainText(`${converted} executions of ${entered}`);
  await expect(page.getByTestId('funnel')).toContainText('the largest loss');
  await page.getByTestId('funnel-breakdown').click();
  await page.getByRole('option', { name: 'Version' }).click();
  await expect(page).toHaveURL(/breakdown=version/);
  await expect(page.getByTestId('funnel-groups').locator('tbody tr')).toHaveCount(2);
});

test('a target can be set, and the service level is judged against it', async ({ page }) => {
  await open(page, at('service-level'));
  await settled(page);
  await expect(page.getByTestId('service-state')).toContainText('missed');
  await page.getByRole('button', { name: 'Set target' }).click();
  await page.getByLabel('Success rate, %').fill('50');
  await page.getByRole('button', { name: 'Save target' }).click();
  await expect(page.getByTestId('service-state')).toContainText('the target is 50.0');
  await page.getByTestId('service-window').click();
  await page.getByRole('option', { name: 'Last 28 days' }).click();
  await expect(page).toHaveURL(/window=28d/);
});

test('costs are split and add up to what was spent', async ({ page }) => {
  await open(page, at('cost'));
  await settled(page);
  await expect(page.getByLabel('Cost', { exact: true })).toContainText('$1.20');
  const parts = page.getByTestId('cost-breakdown').locator('tbody tr');
  await expect(parts).toHaveCount(2);
  await expect(parts.filter({ hasText: 'large' })).toContainText('$0.60');
  await expect(page.getByTestId('waste')).toContainText('Failed');
});

test('errors stand by time, by step and by group', async ({ page }) => {
  await open(page, at('errors'));
  await settled(page);
  await expect(page.getByTestId('errors-chart').getByRole('slider')).toBeVisible();
  await expect(page.getByTestId('top-errors')).toContainText('ask');
  await expect(page.getByTestId('error-groups').locator('tbody tr')).toHaveCount(1);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('tabs scroll inside themselves, pages do not scroll sideways, a tap chooses a cell', async ({
    page,
  }) => {
    for (const tab of [
      '',
      'steps',
      'grid',
      'versions',
      'funnel',
      'errors',
      'service-level',
      'cost',
    ]) {
      await open(page, at(tab));
      await settled(page);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, tab).toBeLessThanOrEqual(390);
      const current = page
        .getByRole('navigation', { name: 'Views of this workflow' })
        .locator('[aria-current=page]');
      await expect(current).toBeInViewport();
    }
    await open(page, at('grid'));
    await page.getByRole('grid').locator('[data-at="2 49"]').tap();
    const openIt = page.getByRole('button', { name: 'Open execution' });
    expect((await openIt.boundingBox())?.height).toBeGreaterThanOrEqual(40);
    await openIt.tap();
    await expect(page).toHaveURL(/\/executions\/[0-9a-f-]{36}/);
  });
});
