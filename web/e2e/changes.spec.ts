import { expect, test, type Locator, type Page } from '@playwright/test';
import { given, open, recordComplaints, settled } from './page';

// For a server with the made-up company of `weir demo`, whose three incidents are in crates/demo/src/incidents.rs.
test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

/** What went wrong in the company, and where its page must say so: the kind of change, the cause, and the card that names it. */
const INCIDENTS = [
  {
    kind: 'step_slower',
    cause: 'Extract fields',
    where: 'Invoice capture EMEA',
    card: 'workflow-steps',
  },
  { kind: 'connector_down', cause: 'hubspot', where: 'workflows', card: 'connector-errors' },
  { kind: 'cost_spike', cause: 'o1', where: 'Ticket triage', card: 'breakdown' },
];

const changesOf = (page: Page): Locator => page.getByTestId('changes').locator('li[data-kind]');

/** A range whose previous period has data, if the company has worked for a month. */
const COMPARABLE = '14d';

async function overview(page: Page, range = '30d'): Promise<void> {
  await open(page, `/?range=${range}`);
  await settled(page);
}

test('the incidents are what changed, and nothing else is', async ({ page }) => {
  await overview(page);
  const kinds = await changesOf(page).evaluateAll((rows) =>
    rows.map((row) => (row as HTMLElement).dataset.kind),
  );
  expect(kinds.sort()).toEqual(INCIDENTS.map(({ kind }) => kind).sort());
});

for (const { kind, cause, where, card } of INCIDENTS) {
  test(`one click explains it: ${kind}`, async ({ page }) => {
    const complaints = recordComplaints(page);
    await overview(page);
    const row = page.getByTestId('changes').locator(`li[data-kind=${kind}]`);
    await expect(row.locator('strong', { hasText: cause })).toBeVisible();
    await expect(row).toContainText(where);
    // The effect in plain units, and how sure it is.
    await expect(row).toContainText(/per run|failed executions|a day/);
    await expect(row).toContainText(/certain|likely|possible/);
    await expect(row.locator('svg [data-mark]').first()).toBeAttached();

    await row.getByRole('link').click();
    await expect(page).toHaveURL(/from=.*&to=.*mark=/);
    await settled(page);
    await expect(page.getByTestId(card)).toContainText(cause);
    // The first line of the card is the worst one.
    await expect(page.getByTestId(card).locator('tbody tr').first()).toContainText(cause);
    await expect(page.locator('[data-mark=change]').first()).toBeVisible();
    await expect(page.getByTestId('mark')).toBeVisible();

    await page.goBack();
    await expect(page).toHaveURL(/range=30d/);
    await expect(changesOf(page)).toHaveCount(INCIDENTS.length);
    expect(complaints).toEqual([]);
  });
}

test('the keyboard alone gets there', async ({ page }) => {
  await overview(page);
  await changesOf(page).getByRole('link').first().focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/mark=/);
});

test('the workflow that got slower leads the list, and its state says so', async ({ page }) => {
  await open(page, `/workflows?range=${COMPARABLE}&group=off`);
  await settled(page);
  const first = page.getByTestId('workflows').locator('tbody tr').first();
  await expect(first).toContainText('Invoice capture EMEA');
  await expect(first).toContainText(/slower/);
  await page.goto(`/workflows?range=${COMPARABLE}`);
  await settled(page);
  const family = page.getByRole('button', { name: /^Invoice capture/ });
  await expect(family).toHaveAttribute('aria-expanded', 'false');
  await family.click();
  await expect(page).toHaveURL(/open=invoice/);
  await expect(
    page.getByTestId('workflows').getByRole('link', { name: 'Invoice capture EMEA' }),
  ).toBeVisible();
  await page.reload();
  await expect(family).toHaveAttribute('aria-expanded', 'true');
});

test('what became slower is the same step, apart from what waits', async ({ page }) => {
  await overview(page, COMPARABLE);
  const steps = page.getByTestId('slower-steps');
  await expect(steps.locator('tbody tr')).toHaveCount(1);
  await expect(steps.locator('tbody tr')).toContainText('Extract fields');
  await steps.getByRole('button', { name: 'Waiting' }).click();
  await expect(page).toHaveURL(/steps=waiting/);
  await expect(steps).not.toContainText('Extract fields');
});
