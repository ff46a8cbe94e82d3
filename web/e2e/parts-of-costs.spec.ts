import { expect, test, type Page } from '@playwright/test';
import { uniqueText } from './claims';
import { send, type Event } from './executions';
import { given, open, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const DAY = 86_400_000;
const TEXT = uniqueText();
const WORKFLOW = `tiles-${TEXT}`;
const VIEW = `range=7d&by=day&tz=UTC&workflow=${WORKFLOW}`;
/** What each of ten models cost, all on one day: the largest first. */
const SPENT = [40, 20, 10, 8, 6, 5, 4, 3, 2, 2];
const START = Math.floor(Date.now() / DAY) * DAY - 3 * DAY;
const day = new Date(START).toISOString().slice(0, 10);

test.beforeAll(async () => {
  const of = { type: 'cost', workflowId: WORKFLOW, workflowName: `The tiles ${TEXT}` };
  const spent = SPENT.map((amount, index): Event => {
    const at = new Date(START + DAY / 2 + index * 1000).toISOString();
    const what = { model: `model-${index}`, userId: `user-${TEXT}-${index}` };
    return { ...of, ...what, dollarAmount: String(amount), timestamp: at };
  });
  await send(spent);
});

const tree = (page: Page) => page.getByTestId('treemap');

/** The areas of the parts, in square pixels, in their order. */
async function areas(page: Page): Promise<number[]> {
  await expect.poll(() => tree(page).locator('foreignObject').count()).toBeGreaterThan(0);
  await settled(page);
  return tree(page)
    .locator('foreignObject')
    .evaluateAll((all) =>
      all.map((one) => {
        const { width, height } = one.getBoundingClientRect();
        // Parts stand one pixel apart.
        return (width + 1) * (height + 1);
      }),
    );
}

test('areas are in proportion to what was spent, and at most seven stand alone', async ({
  page,
}) => {
  const complaints = recordComplaints(page);
  await open(page, `/costs?${VIEW}`);
  const shown = await areas(page);
  const all = shown.reduce((sum, area) => sum + area, 0);
  expect(shown.map((area) => Math.round((100 * area) / all))).toEqual([40, 20, 10, 8, 6, 5, 4, 7]);
  await expect(tree(page).locator('[data-part=other]')).toContainText('3 others');
  await expect(tree(page)).toContainText('model-0');
  expect(complaints).toEqual([]);
});

test('a part leads where its row leads, by keyboard', async ({ page }) => {
  await open(page, `/costs?${VIEW}&split=user`);
  await settled(page);
  const row = page.getByTestId('cost-breakdown').locator('tbody tr').first().getByRole('link');
  const part = tree(page).getByRole('link').first();
  await expect(part).toHaveAttribute('href', (await row.getAttribute('href')) ?? 'no link');
  await part.focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByRole('tooltip')).toContainText('$40.00, 40.0');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/executions\\?.*user=user-${TEXT}-0`));
});

test('a model leads to its costs over time', async ({ page }) => {
  await open(page, `/costs?${VIEW}`);
  await settled(page);
  await tree(page).getByRole('link', { name: 'model-1' }).click();
  await expect(page).toHaveURL(/\/explore\?.*where=model:model-1/);
  await settled(page);
  await expect(page.locator('#content')).toContainText('$20.00');
});

test('every link from a day keeps the day', async ({ page }) => {
  await open(page, `/costs?${VIEW}&day=${day}`);
  const panel = page.getByTestId('cost-day');
  await expect(panel.locator('tbody tr').first()).toBeVisible();
  await settled(page);
  const links = await panel
    .getByRole('link')
    .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
  // The executions, eight users, a workflow and eight models.
  expect(links).toHaveLength(18);
  const next = new Date(START + DAY).toISOString().slice(0, 10);
  for (const link of links) {
    const parameters = new URL(link, 'http://weir').searchParams;
    expect(parameters.get('from'), link).toBe(`${day}T00:00:00Z`);
    expect(parameters.get('to'), link).toBe(`${next}T00:00:00Z`);
    expect(parameters.get('range'), link).toBeNull();
  }
  await panel.getByRole('link', { name: `The tiles ${TEXT}` }).click();
  await expect(page).toHaveURL(new RegExp(`/workflows/${WORKFLOW}\\?.*from=${day}`));
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the areas stand below the table', async ({ page }) => {
    await open(page, `/costs?${VIEW}`);
    await settled(page);
    const table = await page.getByTestId('cost-breakdown').locator('table').boundingBox();
    const areas = await tree(page).boundingBox();
    expect(areas?.y).toBeGreaterThanOrEqual((table?.y ?? NaN) + (table?.height ?? NaN));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      390,
    );
  });
});
