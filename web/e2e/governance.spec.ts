import { expect, test, type APIRequestContext } from '@playwright/test';
import { given, open, recordComplaints } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');
// The tests share one server: each test continues where the previous one ended.
test.describe.configure({ mode: 'serial' });

async function send(request: APIRequestContext, event: object): Promise<void> {
  const response = await request.post('/api/v1/events', {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: {
      type: 'execution',
      workflowId: 'orders',
      status: 'failed',
      timestamp: new Date().toISOString(),
      ...event,
    },
  });
  expect(response.ok(), await response.text()).toBe(true);
}

test('redaction rules are previewed on an event, saved, and applied to new events', async ({
  page,
  request,
}) => {
  const complaints = recordComplaints(page);
  await open(page, '/settings/redaction');
  const stored = page.getByTestId('redacted');
  await expect(stored).toContainText('C-10293');
  await expect(stored).not.toContainText('hunter2');
  await expect(stored).not.toContainText('4111 1111');
  await page.getByRole('button', { name: 'Add pattern' }).click();
  await page.getByLabel('Pattern name').fill('customer');
  await page.getByLabel('Regular expression').fill('C-\\d+');
  await expect(stored).not.toContainText('C-10293');
  await expect(page.getByTestId('redaction-preview').locator('li')).not.toHaveCount(0);
  await page.getByRole('button', { name: 'Save rules' }).click();
  await expect(page.getByTestId('redaction-rules')).toContainText('are active');
  expect(complaints).toEqual([]);

  await send(request, { executionId: 'redacted', errorMessage: 'C-4711 was not found' });
  await page.goto('/errors?range=24h');
  const groups = page.getByTestId('error-groups').locator('tbody');
  await groups.getByRole('link', { name: 'was not found' }).click();
  await expect(page.getByTestId('samples')).toContainText('was not found');
  await expect(page.getByTestId('samples')).not.toContainText('C-4711');
});

test('an invalid expression is refused with an explanation', async ({ page }) => {
  await open(page, '/settings/redaction');
  await page.getByRole('button', { name: 'Add pattern' }).click();
  await page.getByLabel('Pattern name').last().fill('broken');
  await page.getByLabel('Regular expression').last().fill('(');
  await expect(page.getByTestId('redaction-preview').getByRole('alert')).toBeVisible();
  await page.getByRole('button', { name: 'Save rules' }).click();
  await expect(page.getByTestId('redaction-rules').getByRole('alert')).toBeVisible();
});

test('pseudonyms are turned on for the organisation', async ({ page }) => {
  await open(page, '/settings/privacy');
  await page.getByLabel('Show pseudonyms').check();
  await page.getByTestId('anonymisation').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('anonymisation')).toContainText('Saved');
  await page.reload();
  await expect(page.getByLabel('Show pseudonyms')).toBeChecked();
});

test('a user is erased only after their id has been typed twice', async ({ page, request }) => {
  await send(request, { executionId: 'theirs', userId: 'user-42' });
  await open(page, '/settings/privacy');
  await page.getByLabel('User ID').fill('user-42');
  await page.getByTestId('erase').getByRole('button', { name: 'Erase' }).click();
  const go = page.getByRole('button', { name: 'Erase permanently' });
  await expect(go).toBeDisabled();
  await page.getByLabel('Repeat the ID').fill('user-42');
  await go.click();
  await expect(page.getByTestId('erasures').locator('tbody tr').first()).toContainText('done');
  await expect(page.getByTestId('erasures')).not.toContainText('user-42');
});

test('the audit log shows what was changed, keeps its filters in the URL, and can be exported', async ({
  page,
}) => {
  await open(page, '/settings/audit?kind=change');
  const entries = page
    .getByTestId('audit')
    .locator('tbody tr')
    .filter({ has: page.locator('[aria-expanded]') });
  const changed = entries.filter({ hasText: 'Redaction' }).first();
  await expect(changed).toContainText(given.email);
  await changed.getByRole('button').first().click();
  await expect(page.getByTestId('audit')).toContainText('customer');
  await changed.getByRole('link', { name: /^Redaction / }).click();
  await expect(page).toHaveURL(/action=redaction/);
  await expect(entries.filter({ hasNotText: 'Redaction ' })).toHaveCount(0);
  const rows = await entries.count();
  expect(rows).toBeGreaterThan(0);
  await page.reload();
  await expect(entries).toHaveCount(rows);

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  const text = await (await download).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of text) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString().trim().split('\n');
  expect(lines.length).toBe(rows + 1);
  expect(lines[1]).toContain('redaction');
});

test('reads of figures are in the audit log too', async ({ page }) => {
  await open(page, '/?range=24h');
  await expect(page.getByTestId('kpis')).toBeVisible();
  await expect(async () => {
    await page.goto('/settings/audit?kind=access');
    await expect(page.getByTestId('audit')).toContainText('/api/v1/query', { timeout: 2_000 });
  }).toPass();
});
