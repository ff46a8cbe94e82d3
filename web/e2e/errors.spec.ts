import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { given, open, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');
// The tests share one server: each test continues where the previous one ended.
test.describe.configure({ mode: 'serial' });

const MESSAGES = [
  { count: 5, workflow: 'orders', type: 'HttpError', message: 'Request to shop timed out' },
  { count: 3, workflow: 'invoices', type: 'AuthError', message: 'Token of billing has expired' },
  { count: 2, workflow: 'orders', type: 'CardError', message: 'Card declined by the bank' },
];

async function send(request: APIRequestContext): Promise<void> {
  const events = MESSAGES.flatMap(({ count, workflow, type, message }) =>
    Array.from({ length: count }, (_, index) => ({
      type: 'execution',
      executionId: `${type}-${index}`,
      workflowId: workflow,
      workflowName: `The ${workflow}`,
      status: 'failed',
      duration: 100,
      errorType: type,
      errorMessage: message,
      timestamp: new Date(Date.now() - 60_000 * (index + 1)).toISOString(),
    })),
  );
  const response = await request.post('/api/v1/events', {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: events,
  });
  expect(response.ok(), await response.text()).toBe(true);
}

const rows = (page: Page) => page.getByTestId('error-groups').locator('tbody tr');
const row = (page: Page, text: string) => rows(page).filter({ hasText: text });

test('errors are listed by group, and the overview links to them', async ({ page, request }) => {
  await send(request);
  const complaints = recordComplaints(page);
  await open(page, '/?range=24h');
  await page.getByTestId('top-errors').getByRole('link', { name: 'Error groups' }).click();
  await expect(page).toHaveURL(/\/errors\?range=24h/);
  await expect(rows(page)).toHaveCount(3);
  await expect(rows(page).first()).toContainText('timed out');
  await expect(page.getByTestId('sentence')).toContainText('in 3');
  const tiles = page.locator('dl[aria-label="Key figures of the errors"] > div');
  await expect(tiles.filter({ hasText: 'Failed executions' })).toContainText('10');
  await expect(tiles.filter({ hasText: 'Failure rate' })).toContainText('100 %');
  await expect(tiles.filter({ hasText: 'Error groups' })).toContainText('3');
  await expect(tiles.filter({ hasText: 'Most frequent class' })).toContainText('timeout');
  const legend = page.getByTestId('classes-chart');
  for (const [name, count] of [
    ['timeout', 5],
    ['auth', 3],
  ] as const) {
    await expect(legend.getByRole('button', { name: new RegExp(`^${name}`) })).toContainText(
      String(count),
    );
  }
  await expect(page.getByRole('columnheader', { name: /First in range/ })).toBeVisible();
  await page.getByRole('group', { name: 'Class' }).getByRole('link', { name: 'timeout' }).click();
  await expect(page).toHaveURL(/errorClass=timeout/);
  await expect(rows(page)).toHaveCount(1);
  await page.goBack();
  await expect(rows(page)).toHaveCount(3);
  expect(complaints).toEqual([]);
});

test('a group says when, where and what, and can be named', async ({ page }) => {
  await open(page, '/errors?range=24h');
  await row(page, 'timed out').getByRole('link').first().click();
  await settled(page);
  await expect(page.getByTestId('affected')).toContainText('The orders');
  await expect(page.getByTestId('samples').locator('li')).toHaveCount(5);
  await expect(page.getByTestId('samples')).toContainText('Request to shop timed out');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('The shop is slow');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('error-group-title')).toHaveText('The shop is slow');
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').click();
  await expect(row(page, 'The shop is slow')).toHaveCount(1);
});

test('groups are merged, and split again', async ({ page }) => {
  await open(page, '/errors?range=24h');
  await row(page, 'The shop is slow').getByRole('checkbox').check();
  await row(page, 'declined').getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Merge 2 groups' }).click();
  await page.getByLabel('Group to keep').selectOption({ label: 'The shop is slow' });
  await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click();
  await expect(rows(page)).toHaveCount(2);
  await row(page, 'The shop is slow').getByRole('link').first().click();
  await expect(page.getByTestId('members').locator('li')).toHaveCount(2);
  await page.getByRole('button', { name: 'Split' }).click();
  await page.getByRole('dialog').getByLabel('declined').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Split' }).click();
  await expect(page.getByTestId('members').locator('li')).toHaveCount(1);
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').click();
  await expect(rows(page)).toHaveCount(3);
});

test('rules are tried before they are applied, and every version is kept', async ({ page }) => {
  await open(page, '/errors/rules?range=24h');
  await page.getByRole('button', { name: 'Add rule' }).click();
  await page.getByLabel('Matches the expression').fill('(');
  await page.getByLabel('Assign to group').fill('Money trouble');
  await page.getByRole('button', { name: 'Dry run' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Matches the expression').fill('declined|expired');
  await page.getByRole('button', { name: 'Dry run' }).click();
  await expect(page.getByTestId('rules-preview')).toContainText('5');
  await expect(page.getByTestId('rules-preview').locator('tbody tr')).toHaveCount(2);
  await page.getByLabel('Reason for the change').fill('for the accountants');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByTestId('rule-versions')).toContainText('for the accountants');
  await page.goto('/errors?range=24h');
  await expect(row(page, 'Money trouble')).toContainText('5');
  await expect(rows(page)).toHaveCount(2);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('nothing scrolls sideways', async ({ page }) => {
    await open(page, '/errors?range=24h');
    await settled(page);
    const fits = async (): Promise<void> => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, page.url()).toBeLessThanOrEqual(390);
    };
    await fits();
    await row(page, 'The shop is slow').getByRole('link').first().click();
    await settled(page);
    await fits();
    await page.goto('/errors/rules?range=24h');
    await settled(page);
    await fits();
  });
});
