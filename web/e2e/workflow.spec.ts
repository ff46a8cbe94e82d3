import { expect, test, type APIRequestContext } from '@playwright/test';
import { given, kpi, open, recordComplaints, settled } from './page';

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
  const response = await request.post('/api/v1/events', {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: events.flat(),
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
  expect(await kpi(page, 'executions')).toBe(2 * EACH);
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
  await page.goBack();
  await page.getByTestId('grid-runs').click();
  await page.getByRole('option', { name: 'Newest 25' }).click();
  await expect(page).toHaveURL(/runs=25/);
  await expect(grid.locator('thead a')).toHaveCount(25);
});

test('versions name the step behind a change, and say what they cannot', async ({ page }) => {
  await open(page, at('versions'));
  await settled(page);
  const rows = page.getByTestId('version-list').locator('tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('worse');
  const change = page.getByTestId('version-change');
  await expect(change).toContainText('What version');
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
