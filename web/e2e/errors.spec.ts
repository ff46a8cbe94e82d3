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

interface Decided {
  triage: { state: string; note: string | null; assignee: { id: string } | null };
}

/** What the API says was decided about the group of a page. */
async function decided(page: Page): Promise<Decided['triage']> {
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const response = await page.request.get(`/api/v1/errors/groups/${id}?last=7d`);
  return ((await response.json()) as { group: Decided }).group.triage;
}

const states = (page: Page) => page.getByRole('group', { name: 'State' });
const decide = async (page: Page, does: string, note?: string): Promise<void> => {
  await page.getByTestId('triage').getByRole('button', { name: does }).click();
  const dialog = page.getByRole('dialog');
  if (note) await dialog.getByLabel('Reason').fill(note);
  await dialog.getByRole('button', { name: does }).click();
  await expect(dialog).toHaveCount(0);
};

test('a group is resolved and comes back with the next error', async ({ page, request }) => {
  await open(page, '/errors?range=24h');
  await row(page, 'expired').getByRole('link').first().click();
  const triage = page.getByTestId('triage');
  await expect(triage).toContainText('nothing has been decided');
  await decide(page, 'Resolve', 'The token is new.');
  await expect(triage).toContainText(`Resolved by ${given.email}`);
  await expect(triage).toContainText('The token is new.');
  expect(await decided(page)).toMatchObject({ state: 'resolved', note: 'The token is new.' });

  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').click();
  await expect(rows(page)).toHaveCount(2);
  await expect(page.getByTestId('sentence')).toContainText('in 3');
  await expect(page.getByTestId('sentence')).toContainText('One of these groups is resolved');
  await states(page).getByRole('link', { name: 'Resolved' }).click();
  await expect(page).toHaveURL(/decided=resolved/);
  await expect(rows(page)).toHaveCount(1);
  await expect(row(page, 'expired')).toContainText('resolved');

  const response = await request.post('/api/v1/events', {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: {
      type: 'execution',
      executionId: 'AuthError-again',
      workflowId: 'invoices',
      status: 'failed',
      errorType: 'AuthError',
      errorMessage: 'Token of billing has expired',
      timestamp: new Date().toISOString(),
    },
  });
  expect(response.ok(), await response.text()).toBe(true);
  await expect
    .poll(async () => {
      await page.goto('/errors?range=24h&decided=came_back');
      await settled(page);
      return row(page, 'came back').count();
    })
    .toBe(1);
  await states(page).getByRole('link', { name: 'Open' }).click();
  await expect(rows(page)).toHaveCount(3);
  await row(page, 'came back').getByRole('link').first().click();
  await expect(triage).toContainText('Came back');
  expect((await decided(page)).state).toBe('came_back');
  await decide(page, 'Reopen');
  expect((await decided(page)).state).toBe('open');
});

test('a group is ignored, assigned with the keyboard, and found by both', async ({ page }) => {
  await open(page, '/errors?range=24h');
  await row(page, 'declined').getByRole('link').first().click();
  await decide(page, 'Ignore');
  await expect(page.getByTestId('triage')).toContainText('Ignored');
  await page.getByTestId('assignee').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { name: '(you)' })).toBeVisible();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('assignee')).not.toContainText('Unassigned');
  const { state, assignee } = await decided(page);
  const session = (await (await page.request.get('/api/v1/session')).json()) as {
    user: { id: string };
  };
  expect([state, assignee?.id]).toEqual(['ignored', session.user.id]);

  await page.goto('/errors?range=24h');
  await expect(row(page, 'declined')).toHaveCount(0);
  await page.getByRole('link', { name: 'Assigned to me' }).click();
  await expect(page.getByTestId('error-groups')).toContainText('None of them is assigned to you');
  await states(page).getByRole('link', { name: 'All' }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(row(page, 'declined')).toContainText('ignored');
  await row(page, 'declined').getByRole('link').first().click();
  await decide(page, 'Reopen');
});

test('what someone else decided meanwhile is not overwritten', async ({ page }) => {
  await open(page, '/errors?range=24h');
  await row(page, 'declined').getByRole('link').first().click();
  await page.getByTestId('triage').getByRole('button', { name: 'Resolve' }).click();
  const { pathname, origin } = new URL(page.url());
  const path = `/api/v1/errors/groups/${pathname.split('/').at(-1)}/state`;
  const other = await page.request.put(path, { headers: { origin }, data: { state: 'ignored' } });
  expect(other.ok(), await other.text()).toBe(true);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Resolve' }).click();
  await expect(dialog.getByText('Someone decided about this group')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('triage')).toContainText('Ignored');
  await decide(page, 'Reopen');
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
  await expect(page.getByTestId('rules-preview')).toContainText('6');
  await expect(page.getByTestId('rules-preview').locator('tbody tr')).toHaveCount(2);
  await page.getByLabel('Reason for the change').fill('for the accountants');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByTestId('rule-versions')).toContainText('for the accountants');
  await page.goto('/errors?range=24h');
  await expect(row(page, 'Money trouble')).toContainText('6');
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
