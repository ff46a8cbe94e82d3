import { expect, test, type Page } from '@playwright/test';
import { uniqueText } from './claims';
import { api, send, type Event } from './executions';
import { given, open, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const DAY = 86_400_000;
const TEXT = uniqueText();
/** The page is limited to this workflow, so that what other files send does not count. */
const WORKFLOW = `visits-${TEXT}`;
/** Ten days ago, in UTC: every day that counts is over. */
const FIRST = Math.floor(Date.now() / DAY) * DAY - 10 * DAY;
/** Who was active on which day. Of the five who started on the first day, two came back on each of the next two. */
const DAYS = [
  ['ada', 'bob', 'cid', 'dan', 'eve'],
  ['ada', 'bob', 'fay'],
  ['ada', 'eve', 'fay'],
];
const VISITS = DAYS.flat().length;

const user = (name: string): string => `${name}-${TEXT}`;

/** A visit: a login at nine, and a document opened ten minutes later. */
function visit(name: string, day: number): Event[] {
  const act = (action: string, minute: number, more: Event = {}): Event => ({
    type: 'activity',
    userId: user(name),
    action,
    workflowId: WORKFLOW,
    timestamp: new Date(FIRST + day * DAY + 9 * 3_600_000 + minute * 60_000).toISOString(),
    ...more,
  });
  return [act('login', 0), act('open', 10, { resource: 'document' })];
}

test.beforeAll(async () => {
  const visits = DAYS.flatMap((names, day) => names.flatMap((name) => visit(name, day)));
  const execution = {
    type: 'execution',
    executionId: `run-${TEXT}`,
    workflowId: WORKFLOW,
    userId: user('ada'),
    status: 'completed',
    duration: 1000,
    timestamp: new Date(FIRST + 10 * 3_600_000).toISOString(),
  };
  await send([...visits, execution]);
});

const at = (path: string): string => `/activity${path}?range=30d&tz=UTC&workflow=${WORKFLOW}`;
const ASKED = `last=30d&timezone=UTC&workflowId=${WORKFLOW}`;

/** A figure of the row at the top. */
const tile = (page: Page, label: string) =>
  page
    .locator('dl > div')
    .filter({ has: page.locator('dt').getByText(label, { exact: true }) })
    .locator('dd')
    .first();

test('the figures of activity are those of the API, and the hours of the week add up', async ({
  page,
}) => {
  const complaints = recordComplaints(page);
  await open(page, at(''));
  await settled(page);
  const { summary } = await api<{ summary: Record<string, number> }>(
    page,
    `/api/v1/analytics/activity?${ASKED}`,
  );
  expect(summary).toMatchObject({ activeUsers: 6, logins: VISITS, sessions: VISITS });
  await expect(tile(page, 'Active users')).toHaveText('6');
  await expect(tile(page, 'Logins')).toHaveText(String(VISITS));
  await expect(tile(page, 'Sessions')).toHaveText(String(VISITS));
  await expect(tile(page, 'Median session')).toHaveText('10 m');
  await expect(page.getByTestId('sentence')).toContainText('6');
  const week = page.getByTestId('hour-of-week');
  const shown = week.locator('td[data-count]');
  await expect(shown).toHaveCount(7 * 24);
  const hours = await shown.evaluateAll((cells) =>
    cells.map((cell) => Number(cell.getAttribute('data-count'))),
  );
  expect(hours.reduce((sum, count) => sum + count, 0)).toBe(VISITS);
  expect(Math.max(...hours)).toBe(5);
  // Monday is the first row.
  const monday = (new Date(FIRST).getUTCDay() + 6) % 7;
  expect(hours[monday * 24 + 9]).toBe(5);
  await expect(page.getByTestId('busiest-hour')).toContainText('09:00–10:00, 5 in total');
  await week.getByTestId('week-count').click();
  await page.getByRole('option', { name: 'Activities' }).click();
  await expect(page).toHaveURL(/count=activities/);
  await expect(page.getByTestId('busiest-hour')).toContainText('10 in total');
  await page.goBack();
  await expect(page.getByTestId('busiest-hour')).toContainText('5 in total');
  await week.getByRole('button', { name: /table/i }).click();
  await expect(page).toHaveURL(/table=week/);
  await expect(week.locator('tbody tr').nth(9)).toContainText('5');
  const features = page.getByTestId('features').locator('tbody tr');
  await expect(features).toHaveCount(2);
  await expect(features.filter({ hasText: 'open' })).toContainText('document');
  expect(complaints).toEqual([]);
});

test('each tab has an address, Back returns, and the range stays', async ({ page }) => {
  await open(page, at(''));
  const tabs = page.getByRole('navigation', { name: 'Views of activity' });
  await tabs.getByRole('link', { name: 'Engagement' }).click();
  await expect(page).toHaveURL(/\/activity\/engagement\?range=30d/);
  await expect(tabs.getByRole('link', { name: 'Engagement' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await tabs.getByRole('link', { name: 'Retention' }).click();
  await expect(page).toHaveURL(/\/activity\/retention\?range=30d/);
  await page.goBack();
  await expect(page.getByTestId('engagement-formula')).toBeVisible();
  await page.goBack();
  await expect(page.getByTestId('hour-of-week')).toBeVisible();
});

test('users are ranked as the API ranks them, and each leads to a page of their own', async ({
  page,
}) => {
  await open(page, at('/engagement'));
  await settled(page);
  const { users, rule } = await api<{
    users: { userId: string; score: number }[];
    rule: { weights: Record<string, number> };
  }>(page, `/api/v1/analytics/activity/engagement?${ASKED}`);
  const rows = page.getByTestId('scored-users').locator('tbody tr');
  await expect(rows).toHaveCount(6);
  expect(await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-row')))).toEqual(
    users.map(({ userId }) => userId),
  );
  await expect(rows.first()).toContainText(users[0]?.score.toFixed(1) ?? '');
  const formula = page.getByTestId('engagement-formula');
  await expect(formula).toContainText(`${String(rule.weights.recency)} × recency`);
  await rows
    .filter({ hasText: user('ada') })
    .getByRole('link')
    .click();
  await expect(page).toHaveURL(new RegExp(`/activity/users/${user('ada')}\\?range=30d`));
  await expect(page.getByTestId('user-name')).toHaveText(user('ada'));
  await expect(tile(page, 'Sessions')).toHaveText('3');
  await expect(tile(page, 'Active days')).toHaveText('3');
  await expect(page.getByTestId('session-list').locator('tbody tr')).toHaveCount(3);
  await expect(page.getByTestId('trail').locator('tbody tr')).toHaveCount(6);
  await expect(page.getByTestId('trail').locator('tbody tr').first()).toContainText('open');
  const workflows = page.getByTestId('user-workflows').locator('tbody tr');
  await expect(workflows).toHaveCount(1);
  await expect(workflows).toContainText(WORKFLOW);
  await page.goBack();
  await expect(rows).toHaveCount(6);
});

test('a cohort comes back as counted by hand', async ({ page }) => {
  await open(page, at('/retention'));
  await settled(page);
  const cohort = (day: number) =>
    page
      .getByTestId('retention')
      .locator(`[data-cohort="${new Date(FIRST + day * DAY).toISOString()}"]`);
  /** What the cells say, with plain spaces. */
  const cells = async (day: number): Promise<string[]> =>
    (await cohort(day).locator('td').allInnerTexts()).map((text) => text.replace(/\s/g, ' '));
  await expect(cohort(0)).toBeVisible();
  // Five started; two came back after one day, two after two, and nobody after three.
  expect((await cells(0)).slice(0, 5)).toEqual(['5', '100 %', '40.0 %', '40.0 %', '0 %']);
  // Fay alone started on the second day, and came back on the third.
  expect((await cells(1)).slice(0, 4)).toEqual(['1', '100 %', '100 %', '0 %']);
  // After one day, two of five and one of one: three of six.
  const total = page.getByTestId('retention-total').locator('td');
  await expect(total.nth(2)).toHaveText('50.0 %');
  await page.getByTestId('retention-mode').click();
  await page.getByRole('option', { name: 'In the period or later' }).click();
  await expect(page).toHaveURL(/returned=unbounded/);
  // Ada, Bob and Eve came back after one day or later: three of five.
  await expect(cohort(0).locator('td').nth(2)).toContainText('60.0 %');
  await page.goBack();
  await expect(cohort(0).locator('td').nth(2)).toHaveText('40.0 %');
  const meaning = page.getByTestId('retention-meaning');
  await expect(meaning).toContainText('came back in that period. Period 1 is the calendar day');
  await page.getByTestId('retention-mode').click();
  await page.getByRole('option', { name: 'In a span of periods' }).click();
  await expect(page).toHaveURL(/returned=bracket/);
  await expect(meaning).toContainText('at least once in that span of periods');
  const header = page.getByTestId('retention').locator('thead th');
  await expect(header).toHaveText(['Started', 'Users', '0', '1', '2–6', '7–13', '14–29']);
  // Of the five, only Ada and Eve came back from two to six days later.
  expect((await cells(0)).slice(2, 4)).toEqual(['40.0 %', '40.0 %']);
  await page.getByTestId('retention-entry').click();
  await page.getByRole('option', { name: 'By every start' }).click();
  await expect(page).toHaveURL(/entry=every/);
  // On the second day, three were active: Ada, Bob and Fay.
  await expect.poll(async () => (await cells(1))[0]).toBe('3');
  await page.getByTestId('retention-window').click();
  await page.getByRole('option', { name: 'With each user’s start' }).click();
  await expect(page).toHaveURL(/periods=rolling/);
  await expect(meaning).toContainText('from 24 to 48 hours after each user’s own start');
  await expect(meaning).toContainText('they can count several times');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('nothing scrolls sideways, and the menu leads to Activity', async ({ page }) => {
    await open(page, '/');
    await page.getByRole('navigation', { name: 'Main' }).getByText('More').click();
    await page.getByRole('dialog').getByRole('link', { name: 'Activity' }).click();
    await expect(page).toHaveURL(/\/activity/);
    for (const path of ['', '/engagement', '/retention', `/users/${user('ada')}`]) {
      await page.goto(at(path));
      await settled(page);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, path).toBeLessThanOrEqual(390);
    }
  });
});
