import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { uniqueText } from './claims';
import { api, send, type Event } from './executions';
import { given, open, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const TEXT = uniqueText();
const RUN = { type: 'execution', workflowId: `errands-${TEXT}`, duration: 1000 };
const user = (name: string): string => `${name}-${TEXT}`;
/** How often each user ran something. */
const RUNS = { ann: 3, ben: 2, cal: 1 };

test.beforeAll(async () => {
  const runs = Object.entries(RUNS).flatMap(([name, count]) =>
    Array.from({ length: count }, (_, index): Event[] => {
      const at = new Date(Date.now() - (index + 1) * 3_600_000).toISOString();
      const of = { userId: user(name), timestamp: at };
      return [
        { ...RUN, ...of, executionId: `${name}-${index}-${TEXT}`, status: 'completed' },
        { ...of, type: 'activity', action: `errand-${TEXT}` },
      ];
    }),
  );
  await send(runs.flat());
});

interface Segments {
  segments: { name: string; definition: { match: string; conditions: object[] } }[];
}

const stored = async (page: Page): Promise<Segments['segments']> =>
  (await api<Segments>(page, '/api/v1/analytics/segments')).segments.filter(({ name }) =>
    name.endsWith(TEXT),
  );

const count = (page: Page) => page.locator('[data-testid=segment-count][data-old=false]');

test('a segment is defined with a live count, shown with its members, changed and deleted', async ({
  page,
}) => {
  const complaints = recordComplaints(page);
  await open(page, '/activity?range=7d&tz=UTC');
  await page.getByRole('link', { name: 'Segments' }).click();
  await expect(page).toHaveURL(/\/activity\/segments/);
  await page.getByRole('button', { name: 'Add a segment' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(`Busy ${TEXT}`);
  await dialog.getByRole('button', { name: 'Add a property' }).click();
  const second = dialog.getByRole('group', { name: 'Condition 2' });
  await expect(dialog.getByTestId('segment-count')).toContainText('Complete the conditions');
  await expect(dialog.getByRole('button', { name: 'Save segment' })).toBeDisabled();
  await second.getByLabel('Property').selectOption('action');
  await second.getByLabel('Values').fill(`errand-${TEXT}`);
  const first = dialog.getByRole('group', { name: 'Condition 1' });
  await first.getByLabel('Value', { exact: true }).fill('1');
  await expect(count(page)).toContainText('3 of ');
  await first.getByLabel('Value', { exact: true }).fill('2');
  await expect(count(page)).toContainText('2 of ');
  expect(await stored(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save segment' }).click();
  await expect(dialog).toHaveCount(0);
  const row = page.getByTestId('segments').locator('tbody tr').filter({ hasText: TEXT });
  await expect(row).toContainText('Executions at least 2 in the last 30 days');
  await expect(row.locator('td').nth(1)).toHaveText('2');

  await row.getByRole('link', { name: `Busy ${TEXT}` }).click();
  await expect(page).toHaveURL(/segment=/);
  const members = page.getByTestId('segment-members').locator('tbody tr');
  await expect(members).toHaveText([user('ann'), user('ben')]);
  await members.first().getByRole('link').click();
  await expect(page).toHaveURL(new RegExp(`/activity/users/${user('ann')}`));
  await page.goBack();

  await row.getByRole('button', { name: /^Change/ }).click();
  await expect(count(page)).toContainText('2 of ');
  await first.getByLabel('Comparison').selectOption('at_most');
  await first.getByLabel('Value', { exact: true }).fill('1');
  await expect(count(page)).toContainText('1 of ');
  await dialog.getByRole('button', { name: 'Save segment' }).click();
  await expect(members).toHaveText([user('cal')]);
  expect(await stored(page)).toMatchObject([{ definition: { conditions: [{ value: 1 }, {}] } }]);
  await settled(page);
  const axe = await new AxeBuilder({ page }).analyze();
  expect(axe.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);

  await row.getByRole('button', { name: /^Delete/ }).click();
  await dialog.getByRole('button', { name: 'Delete segment' }).click();
  await expect(row).toHaveCount(0);
  await expect(page).not.toHaveURL(/segment=/);
  expect(await stored(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('the old count is marked while the next is asked', async ({ page }) => {
  await open(page, '/activity/segments');
  await page.getByRole('button', { name: 'Add a segment' }).click();
  await expect(count(page)).toContainText(' of ');
  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/segments/preview*', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('dialog').getByLabel('Value', { exact: true }).fill('7');
  const old = page.locator('[data-testid=segment-count][data-old=true]');
  await expect(old).toContainText('from before the last change');
  answer();
  await expect(count(page)).toBeVisible();
});

test('who may not change segments sees them without the buttons', async ({ page }) => {
  await open(page, '/activity/segments');
  await page.route('**/api/v1/session', async (route) => {
    const response = await route.fetch();
    const session = (await response.json()) as {
      permissions: string[];
      projects: { permissions: string[] }[];
    };
    const without = (all: string[]): string[] => all.filter((one) => one !== 'manage_segments');
    session.permissions = without(session.permissions);
    session.projects.forEach((one) => (one.permissions = without(one.permissions)));
    await route.fulfill({ response, json: session });
  });
  await page.reload();
  await expect(page.getByTestId('segments')).toContainText('Ask someone who can change segments');
  await expect(page.getByRole('button', { name: 'Add a segment' })).toHaveCount(0);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the editor fits', async ({ page }) => {
    await open(page, '/activity/segments');
    await page.getByRole('button', { name: 'Add a segment' }).click();
    await expect(count(page)).toBeVisible();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
  });
});
