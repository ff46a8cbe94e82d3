import { expect, test } from '@playwright/test';
import { api, idOf, RANGE, retried, send, twice } from './executions';
import { given, open, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

test.beforeAll(async () => {
  await send([...retried('pair'), ...twice('again')]);
});

test('two selected executions are compared, differences first', async ({ page }) => {
  await open(page, `/executions?${RANGE}&workflow=pair`);
  await settled(page);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByTestId('selection').getByRole('link', { name: 'Compare' }).click();
  await expect(page.getByTestId('side-a')).toContainText('pair-1');
  await expect(page.getByTestId('side-b')).toContainText('pair-2');
  await expect(page.locator('[data-field=status]')).toContainText('Failed');
  await expect(page.locator('[data-field=status]')).toContainText('Completed');
  const kinds = page.locator('[data-compared]');
  await expect(kinds.first()).toBeVisible();
  const [a, b] = [await idOf(page, 'pair-1'), await idOf(page, 'pair-2')];
  const compared = await api<{ rows: { step: { id: string }; kind: string; rank: number }[] }>(
    page,
    `/api/v1/executions/comparison?a=${a}&b=${b}`,
  );
  const expected = compared.rows
    .filter(({ kind }) => kind !== 'same')
    .sort((left, right) => left.rank - right.rank)
    .map((row) => row.step.id);
  const shown = await kinds.evaluateAll((rows) =>
    rows.map((row) => row.getAttribute('data-compared')),
  );
  expect(shown).toEqual(expected);
  await page.getByRole('button', { name: 'Swap A and B' }).click();
  await expect(page.getByTestId('side-a')).toContainText('pair-2');
});

test('the selection is in the address: a link and going back show it', async ({
  page,
  context,
}) => {
  await open(page, `/executions?${RANGE}&workflow=pair`);
  await settled(page);
  const boxes = page.getByRole('checkbox');
  await boxes.first().check();
  await boxes.nth(1).check();
  await expect(page).toHaveURL(/selected=.*selected=/);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByTestId('selection')).toContainText('2 selected');
  await expect(other.getByRole('checkbox', { checked: true })).toHaveCount(2);
  await other.close();
  await page.getByTestId('selection').getByRole('link', { name: 'Compare' }).click();
  await expect(page.getByTestId('side-a')).toContainText('pair-1');
  await page.goBack();
  await expect(page.getByTestId('selection')).toContainText('2 selected');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('selection')).toHaveCount(0);
  await expect(page).not.toHaveURL(/selected/);
});

test('of the two runs of one execution, the one that was chosen is selected', async ({ page }) => {
  await open(page, `/executions?${RANGE}&workflow=again`);
  await settled(page);
  const boxes = page.getByTestId('executions').getByRole('checkbox');
  await expect(boxes).toHaveCount(2);
  await boxes.first().check();
  await expect(boxes.nth(1)).not.toBeChecked();
  await boxes.nth(1).check();
  // Executions are compared, and this is one.
  await expect(boxes.first()).not.toBeChecked();
  await expect(page.getByTestId('selection')).toContainText('1 selected');
});
