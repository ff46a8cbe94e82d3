import { expect, test } from '@playwright/test';
import { claims, EACH, uniqueText } from './claims';
import { api, send } from './executions';
import { given, kpi, open, recordComplaints, settled } from './page';
import { WORKFLOW_TABS } from './views';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const WORKFLOW = `claims-${uniqueText()}`;

test.beforeAll(async () => {
  await send(claims(WORKFLOW));
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
  await expect(page).toHaveURL(new RegExp(`/workflows/${WORKFLOW}/steps\\?range=24h$`));
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
  await expect(page).toHaveURL(new RegExp(`/workflows/${WORKFLOW}/funnel\\?range=24h`));
  const { projects } = (await (await page.request.get('/api/v1/projects')).json()) as {
    projects: { id: string }[];
  };
  const id = projects[0]?.id ?? '';
  await page.goto(`/projects/${id}/analytics?range=24h`);
  await expect(page).toHaveURL(new RegExp(`/\\?.*project=${id}`));
  const all = await api<{ total: number }>(page, '/api/v1/executions/histogram?last=24h');
  expect(await kpi(page, 'executions')).toBe(all.total);
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
  // Its charts are of its own window, and mark what was released in it.
  await page.getByTestId('service-window').click();
  await page.getByRole('option', { name: 'Last 7 days' }).click();
  await expect(page.getByTestId('failure-rate')).toContainText('Version 2');
  await expect(page.getByTestId('budget-left')).toContainText('Version 2');
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
  await page.getByTestId('cost-split').click();
  await page.getByRole('option', { name: 'Step', exact: true }).click();
  await expect(page).toHaveURL(/split=step/);
  await expect(page.getByTestId('cost-breakdown')).toContainText('By step');
  await expect(parts.first()).toContainText('$');
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
    for (const tab of WORKFLOW_TABS) {
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

  test('wherever the grid is scrolled to, no time is cut, and the first column covers none', async ({
    page,
  }) => {
    await open(page, at('grid'));
    const grid = page.getByRole('grid');
    await expect(grid).toBeVisible();
    for (const left of [0, 12, 30, 47, 90]) {
      await grid.evaluate((table, to) => table.parentElement?.scrollTo({ left: to }), left);
      // Labels are hidden in the frame after the one that moves them.
      await expect
        .poll(() =>
          grid.evaluate((table) => {
            const heading = table.querySelector('thead th')?.getBoundingClientRect().right ?? 0;
            const right = table.parentElement?.getBoundingClientRect().right ?? 0;
            const labels = [...table.querySelectorAll('thead tr:first-child td')].flatMap(
              (cell) => {
                const label = cell.firstElementChild ?? cell;
                const text = document.createRange();
                text.selectNodeContents(label);
                const box = text.getBoundingClientRect();
                const inside = box.right > heading && box.left < right;
                return inside && getComputedStyle(label).visibility === 'visible' ? [box] : [];
              },
            );
            const cut = labels.filter((box) => box.left < heading - 1 || box.right > right + 1);
            return { cut: cut.length, some: labels.length > 0 };
          }),
        )
        .toEqual({ cut: 0, some: true });
    }
  });
});
