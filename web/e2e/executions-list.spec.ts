import { expect, test, type Page } from '@playwright/test';
import { api, crawl, idOf, orders, RANGE, send, type Row } from './executions';
import { given, open, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

test.beforeAll(async () => {
  await send([...orders({ workflow: 'orders', name: 'Orders', versions: ['1', '2'] }), ...crawl()]);
});

const rowsOf = (page: Page) => page.locator('[data-testid=executions] tr[data-row]');
const sentence = (page: Page) => page.getByTestId('sentence');

test('the list has as many executions as the API counts, and shows them in its order', async ({
  page,
}) => {
  await open(page, `/executions?${RANGE}`);
  await settled(page);
  const counted = await api<{ total: number }>(page, '/api/v1/executions/histogram?last=7d');
  await expect(sentence(page)).toContainText(`${counted.total} executions`);
  const { executions } = await api<{ executions: Row[] }>(
    page,
    '/api/v1/executions?last=7d&limit=10',
  );
  const shown = await rowsOf(page).evaluateAll((rows) =>
    rows.map((row) => row.getAttribute('data-row')),
  );
  expect(shown.slice(0, 10)).toEqual(executions.map(({ id }) => id));
});

test('scrolling goes back to the first execution of the range, with few rows in the page', async ({
  page,
}) => {
  await open(page, `/executions?${RANGE}&workflow=orders`);
  await settled(page);
  await expect(async () => {
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await expect(page.getByText('No earlier executions in this range.')).toBeInViewport({
      timeout: 500,
    });
  }).toPass();
  const first = await idOf(page, 'orders-0');
  await expect(rowsOf(page).last()).toHaveAttribute('data-row', first);
  expect(await rowsOf(page).count()).toBeLessThan(100);
});

test('filters are chips that read as a sentence, narrow the list, and are undone by going back', async ({
  page,
}) => {
  await open(page, `/executions?${RANGE}`);
  await settled(page);
  const add = async (name: string): Promise<void> => {
    await page.getByTestId('add-filter').click();
    await page.getByRole('option', { name, exact: true }).click();
  };
  await add('Status');
  await page.getByRole('option', { name: 'Failed', exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-chip=status]')).toContainText('that failed');
  await add('Version');
  await page.getByRole('option', { name: /^1/ }).click();
  await expect(page).toHaveURL(/status=failed.*version=1/);
  const path = '/api/v1/executions/histogram?last=7d&status=failed&version=1';
  const { total } = await api<{ total: number }>(page, path);
  expect(total).toBe(20);
  await expect(sentence(page)).toContainText('20 executions match');
  await add('Minimum duration');
  await page.getByLabel('Minimum duration').fill('1.1 s');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.locator('[data-chip=minDuration]')).toContainText('that took at least 1.1 s');
  await expect(sentence(page)).toContainText('10 executions match');
  await page.goBack();
  await expect(sentence(page)).toContainText('20 executions match');
  await page.reload();
  await expect(sentence(page)).toContainText('20 executions match');
  await page.getByRole('button', { name: 'Remove filter: Version' }).click();
  await expect(page.locator('[data-chip=version]')).toHaveCount(0);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).not.toHaveURL(/status/);
});

test('dragging over the histogram zooms, and going back undoes it', async ({ page }) => {
  await open(page, `/executions?range=24h&by=hour`);
  await settled(page);
  const chart = page.getByTestId('histogram').getByRole('slider');
  const box = await chart.boundingBox();
  if (!box) throw new Error('not visible');
  await page.mouse.move(box.x + box.width * 0.2, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 50, { steps: 8 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=/);
  await expect(page.getByText('No executions in this range.')).toBeVisible();
  await page.goBack();
  await expect(rowsOf(page).first()).toBeVisible();
});

test('the keyboard moves, opens and selects, and going back finds the list as it was', async ({
  page,
}) => {
  await open(page, `/executions?${RANGE}&workflow=orders`);
  await settled(page);
  for (let press = 0; press < 40; press += 1) await page.keyboard.press('j');
  const current = page.locator('tr[data-at=true]');
  await expect(current).toBeInViewport();
  await page.keyboard.press('k');
  const id = await current.getAttribute('data-row');
  const scrolled = await page.evaluate(() => window.scrollY);
  expect(scrolled).toBeGreaterThan(100);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/executions/${id}`));
  await expect(page.getByTestId('execution-name')).toContainText('Orders');
  await page.goBack();
  await expect(page.locator(`tr[data-row="${id}"]`)).toBeInViewport();
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect(page).toHaveURL(/\/\?range=7d/);
  await page.keyboard.press('g');
  await page.keyboard.press('x');
  await expect(page).toHaveURL(/\/executions\?range=7d/);
});

test('new executions are announced and move nothing until they are asked for', async ({ page }) => {
  await open(page, `/executions?${RANGE}&workflow=live`);
  await settled(page);
  await expect(page.getByText(/No executions in this range match/)).toBeVisible();
  await open(page, `/executions?${RANGE}`);
  await settled(page);
  const first = await rowsOf(page).first().getAttribute('data-row');
  const before = (await rowsOf(page).first().boundingBox())?.y;
  const now = Date.now();
  await send(
    [1, 2, 3].map((index) => ({
      type: 'execution',
      executionId: `live-${now}-${index}`,
      workflowId: 'live',
      status: 'completed',
      duration: 10,
      timestamp: new Date(now).toISOString(),
    })),
  );
  await expect(page.getByTestId('fresh')).toHaveText('3 new');
  await expect(rowsOf(page).first()).toHaveAttribute('data-row', first ?? '');
  expect((await rowsOf(page).first().boundingBox())?.y).toBe(before);
  await page.getByTestId('fresh').click();
  await expect(rowsOf(page).first()).not.toHaveAttribute('data-row', first ?? '');
  await expect(rowsOf(page).nth(3)).toHaveAttribute('data-row', first ?? '');
  await expect(page.getByTestId('fresh')).toHaveCount(0);
});

test('columns are chosen, and the URL says which', async ({ page }) => {
  await open(page, `/executions?${RANGE}`);
  await settled(page);
  await page.getByTestId('columns').click();
  await page.getByRole('option', { name: 'Environment' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: 'Environment' })).toBeVisible();
  await expect(page).toHaveURL(/columns=environment/);
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'Environment' })).toBeVisible();
});

test('a declared key of metadata is a filter, and a link with it shows the same', async ({
  page,
}) => {
  test.slow();
  await open(page, `/executions?${RANGE}&workflow=orders`);
  const { projects } = await api<{ projects: { id: string }[] }>(page, '/api/v1/session');
  const path = `/api/v1/projects/${projects[0]?.id ?? ''}/dimensions`;
  const { dimensions: before } = await api<{ dimensions: { key: string; label: string }[] }>(
    page,
    path,
  );
  const declare = async (dimensions: object[]): Promise<void> => {
    const response = await page.request.put(path, {
      data: { dimensions },
      headers: { origin: new URL(page.url()).origin },
    });
    expect(response.ok(), await response.text()).toBe(true);
  };
  const kept = before.map(({ key, label }) => ({ key, label }));
  await declare([...kept, { key: 'shop', label: 'Shop' }]);
  try {
    await page.reload();
    await settled(page);
    await page.getByTestId('add-filter').click();
    await page.getByRole('option', { name: 'Shop metadata' }).click();
    await page.getByRole('option', { name: /^Delft/ }).click();
    await page.keyboard.press('Escape');
    const chip = page.locator('[data-chip="metadata.shop"]');
    await expect(chip).toContainText(/whose .?Shop.? is .?Delft/);
    await expect(sentence(page)).toContainText('65 executions match');
    await chip.getByRole('button', { name: /^Shop:/ }).click();
    await page.getByRole('option', { name: /^Ghent & Bruges/ }).click();
    await page.keyboard.press('Escape');
    await expect(sentence(page)).toContainText('260 executions match');
    await page.goBack();
    await expect(sentence(page)).toContainText('65 executions match');
    await page.reload();
    await expect(chip).toContainText('Delft');
    await expect(sentence(page)).toContainText('65 executions match');
    await chip.getByRole('button', { name: 'Remove filter: Shop' }).click();
    await expect(sentence(page)).toContainText('260 executions match');
  } finally {
    await declare(kept);
  }
});

test('every filter that is offered can be chosen, and those by value say which values there are', async ({
  page,
}) => {
  test.slow();
  await open(page, `/executions?${RANGE}`);
  await settled(page);
  await page.getByTestId('add-filter').click();
  const names = await page.getByRole('option').allInnerTexts();
  await page.keyboard.press('Escape');
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) {
    await page.getByTestId('add-filter').click();
    await page.getByRole('option', { name, exact: true }).click();
    await expect(page.getByRole('textbox').or(page.getByRole('listbox')).first()).toBeVisible();
    await expect(page.getByText('Loading values')).toHaveCount(0);
    await expect(page.getByRole('alert')).toHaveCount(0);
    await page.keyboard.press('Escape');
  }
});

test('an error group and two steps in order are filters that read by their names', async ({
  page,
}) => {
  await open(page, `/executions?${RANGE}`);
  await settled(page);
  const add = async (name: string): Promise<void> => {
    await page.getByTestId('add-filter').click();
    await page.getByRole('option', { name, exact: true }).click();
  };
  await add('Error group');
  await page.getByRole('option', { name: /Page \S+ is gone/ }).click();
  await expect(page.locator('[data-chip=error]')).toContainText(/is gone/);
  await expect(sentence(page)).toContainText('1 execution matches');
  await add('Two steps in order');
  await page.getByRole('combobox', { name: 'First step' }).fill('fetch');
  await page.getByRole('option', { name: /^fetch/ }).click();
  await page.getByRole('option', { name: /^parse/ }).click();
  await expect(page).toHaveURL(/fromStep=fetch&toStep=parse/);
  await expect(page.locator('[data-chip=fromStep]')).toContainText(/from .?fetch.? straight to/);
  await expect(rowsOf(page)).toHaveCount(1);
});
