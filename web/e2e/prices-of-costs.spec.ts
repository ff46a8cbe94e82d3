import { expect, test, type Page } from '@playwright/test';
import { uniqueText } from './claims';
import { api, send } from './executions';
import { given, open, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const DAY = 86_400_000;
const TEXT = uniqueText();
const WORKFLOW = `prints-${TEXT}`;
const PROVIDER = `press-${TEXT}`;
const VIEW = `range=7d&by=day&tz=UTC&workflow=${WORKFLOW}`;
const BEGAN = new Date(Math.floor(Date.now() / DAY) * DAY - 2 * DAY);
const TOMORROW = new Date(Math.floor(Date.now() / DAY) * DAY + DAY).toISOString().slice(0, 10);

interface Book {
  prices: { provider: string; model: string; effectiveFrom: string; inputPerMillion: number }[];
}

/** The prices of this file: others have prices, too. */
const stored = async (page: Page): Promise<Book['prices']> =>
  (await api<Book>(page, '/api/v1/analytics/costs/prices')).prices.filter(
    ({ provider }) => provider === PROVIDER,
  );

const effect = (page: Page) => page.getByTestId('price-effect');
const known = (page: Page) => page.locator('[data-testid=price-effect][data-known=true]');
const total = async (page: Page): Promise<number> => {
  const path = `/api/v1/analytics/costs?last=7d&timezone=UTC&workflowId=${WORKFLOW}`;
  return (await api<{ current: { totalCost: number } }>(page, path)).current.totalCost;
};

test.beforeAll(async () => {
  const of = { type: 'cost', workflowId: WORKFLOW, provider: PROVIDER, model: 'lead type' };
  await send(
    [0, 1, 2].map((hour) => ({
      ...of,
      inputTokens: 1_000_000,
      timestamp: new Date(BEGAN.getTime() + hour * 3_600_000).toISOString(),
    })),
  );
});

test.describe.configure({ mode: 'serial' });

test('a missing price is set on the page, after it says what that changes', async ({ page }) => {
  const complaints = recordComplaints(page);
  await open(page, `/costs?${VIEW}`);
  const task = page.getByTestId('unpriced');
  const row = task.locator('tbody tr');
  await expect(row).toHaveText([new RegExp(`${PROVIDER}.*lead type.*3`)]);
  await row.getByRole('button', { name: 'Set a price' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Provider')).toHaveValue(PROVIDER);
  await expect(dialog.getByRole('textbox', { name: 'Model' })).toHaveValue('lead type');
  await expect(dialog).toContainText('This model has no price yet.');
  const save = dialog.getByRole('button', { name: 'Save price' });
  await expect(save).toBeDisabled();
  await dialog.getByLabel('Input').fill('2');
  await expect(known(page)).toContainText('Would change 3 cost records, and the total by +$6.00.');
  // Nothing is saved by asking.
  expect(await stored(page)).toEqual([]);
  expect(await total(page)).toBe(0);
  await dialog.getByLabel('Input').fill('1.5');
  await expect(save).toBeDisabled();
  await expect(known(page)).toContainText('by +$4.50.');
  await save.click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('Saved. 3 cost records changed')).toContainText('+$4.50');
  await expect(task).toHaveCount(0);
  expect(await total(page)).toBe(4.5);
  expect(await stored(page)).toMatchObject([{ model: 'lead type', inputPerMillion: 1.5 }]);
  expect(complaints).toEqual([]);
});

test('prices have their dates, and one that comes is changed and removed', async ({ page }) => {
  await open(page, `/costs?${VIEW}`);
  await settled(page);
  const card = page.getByTestId('prices');
  const rows = card.locator('tbody tr').filter({ hasText: PROVIDER });
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('In force');
  await card.getByRole('button', { name: 'Add a price' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Provider').fill(PROVIDER);
  await dialog.getByRole('textbox', { name: 'Model' }).fill('lead type');
  await expect(dialog.getByTestId('known-prices')).toContainText('1.5 in');
  await dialog.getByLabel('Effective from').fill(TOMORROW);
  await dialog.getByLabel('Input').fill('9');
  await expect(known(page)).toContainText('No stored cost would change.');
  await dialog.getByRole('button', { name: 'Save price' }).click();
  await expect(rows).toHaveCount(2);
  const coming = rows.filter({ hasText: 'From' });
  await expect(rows.filter({ hasText: 'In force' })).toContainText(', until');
  await coming.getByRole('button', { name: /^Change/ }).click();
  await dialog.getByLabel('Input').fill('8');
  await expect(known(page)).toBeVisible();
  await dialog.getByRole('button', { name: 'Save price' }).click();
  await expect(coming).toContainText('8');
  expect((await stored(page)).map(({ inputPerMillion }) => inputPerMillion)).toEqual([1.5, 8]);
  for (const [which, said] of [
    ['From', 'No stored cost would change.'],
    ['In force', 'Would change 3 cost records, and the total by \u2212$4.50.'],
  ] as const) {
    await rows
      .filter({ hasText: which })
      .getByRole('button', { name: /^Remove/ })
      .click();
    await expect(known(page)).toContainText(said);
    await dialog.getByRole('button', { name: 'Remove price' }).click();
    await expect(rows.filter({ hasText: which })).toHaveCount(0);
  }
  expect(await stored(page)).toEqual([]);
  await expect(effect(page)).toHaveCount(0);
});

test('the settings open the same editor', async ({ page }) => {
  await open(page, '/settings/prices');
  await page.getByTestId('price-book').getByRole('button', { name: 'Add a price' }).click();
  await page.getByRole('dialog').getByLabel('Provider').fill(PROVIDER);
  await expect(effect(page)).toContainText('Enter a provider, a day and at least one rate');
});
