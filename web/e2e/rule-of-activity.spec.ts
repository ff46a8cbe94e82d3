import { expect, test, type Page } from '@playwright/test';
import { uniqueText } from './claims';
import { api, send, type Event } from './executions';
import { given, open, recordComplaints } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const DAY = 86_400_000;
const TEXT = uniqueText();
const WORKFLOW = `scores-${TEXT}`;
const MIDNIGHT = Math.floor(Date.now() / DAY) * DAY;

/** Minutes of activity on each day before today: a few long days, or many short ones. */
const DAYS = { long: [[3, 50]], often: [1, 2, 3, 4, 5].map((day) => [day, 5]), once: [[1, 1]] };

test.beforeAll(async () => {
  const events = Object.entries(DAYS).flatMap(([name, days]) =>
    days.flatMap(([day = 0, minutes = 0]) =>
      [0, minutes / 2, minutes].map((minute, index): Event => ({
        type: 'activity',
        userId: `${name}-${TEXT}`,
        workflowId: WORKFLOW,
        action: `act-${index}`,
        timestamp: new Date(MIDNIGHT - day * DAY + 36_000_000 + minute * 60_000).toISOString(),
      })),
    ),
  );
  await send(events);
});

interface Report {
  rule: { version: number; weights: Record<string, number> };
  users: { userId: string; score: number }[];
}

const report = (page: Page): Promise<Report> =>
  api<Report>(
    page,
    `/api/v1/analytics/activity/engagement?last=7d&timezone=UTC&workflowId=${WORKFLOW}`,
  );

test('the ranking by another rule is shown before it is saved, and is that of the API then', async ({
  page,
}) => {
  const complaints = recordComplaints(page);
  await open(page, `/activity/engagement?range=7d&tz=UTC&workflow=${WORKFLOW}`);
  const before = await report(page);
  await page.getByRole('button', { name: 'Change the rule' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByTestId('rank-preview').locator('tbody tr')).toHaveCount(3);
  for (const [part, weight] of [
    ['Recency', '0'],
    ['Frequency', '10'],
    ['Depth', '30'],
    ['Breadth', '0'],
  ] as const) {
    await dialog.getByLabel(part).fill(weight);
  }
  await dialog.getByLabel('Active minutes per active day').fill('60');
  const rows = dialog.getByTestId('rank-preview').locator('tbody tr');
  await expect(rows.first()).toContainText(`long-${TEXT}`);
  const shown = await rows.evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')),
  );
  expect((await report(page)).rule).toEqual(before.rule);
  await dialog.getByRole('button', { name: 'Save rule' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByTestId('engagement-formula')).toContainText('75 × depth');
  const after = await report(page);
  expect(after.rule.version).toBe(before.rule.version + 1);
  expect(shown.map(([, user, , then]) => [user, then])).toEqual(
    after.users.map(({ userId, score }) => [userId, score.toFixed(1)]),
  );
  expect(after.users.map(({ userId }) => userId)).not.toEqual(
    before.users.map(({ userId }) => userId),
  );
  // The other files count on the rule that a project has at first.
  const status = await page.evaluate(async () => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'PUT', headers, body: '{}' };
    return (await fetch('/api/v1/analytics/activity/engagement/rule', init)).status;
  });
  expect(status).toBe(200);
  expect(complaints).toEqual([]);
});

test('a rule that is not complete cannot be saved', async ({ page }) => {
  await open(page, `/activity/engagement?range=7d&tz=UTC&workflow=${WORKFLOW}`);
  await page.getByRole('button', { name: 'Change the rule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Different features').fill('0');
  await expect(dialog.getByTestId('rank-preview')).toContainText('targets above 0');
  await expect(dialog.getByRole('button', { name: 'Save rule' })).toBeDisabled();
});
