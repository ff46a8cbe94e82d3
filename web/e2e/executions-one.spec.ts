import { expect, test, type Page } from '@playwright/test';
import {
  api,
  calls,
  crawl,
  idOf,
  looped,
  orders,
  RANGE,
  retried,
  RIGHT_TO_LEFT,
  send,
  type Row,
} from './executions';
import { given, open, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

test.beforeAll(async () => {
  await send([
    ...orders({ workflow: 'invoices', name: 'Invoices', versions: ['3', '4'] }),
    ...crawl(),
    ...calls(),
    ...retried('retry'),
    ...looped(),
  ]);
});

test('5,000 steps are drawn as far as they are on screen, are found, and lead to the failure', async ({
  page,
}) => {
  await open(page, '/');
  const id = await idOf(page, 'crawl-1');
  await page.goto(`/executions/${id}`);
  const waterfall = page.getByTestId('waterfall');
  await expect(waterfall).toContainText('5,000 steps');
  await expect(page.getByTestId('minimap')).toBeVisible();
  expect(await waterfall.locator('li').count()).toBeLessThan(120);
  await page.keyboard.press('f');
  const failed = waterfall.locator('li[data-at=true]');
  await expect(failed).toContainText('Page 4711 is gone');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('drawer')).toContainText('Gone');
  await expect(page).toHaveURL(/row=/);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('drawer')).toHaveCount(0);
  await page.keyboard.press('/');
  await page.keyboard.type('store');
  await expect(waterfall).toContainText('1,666 of 5,000 rows found');
});

test('the record that the page shows is the API’s', async ({ page }) => {
  await open(page, '/');
  const id = await idOf(page, 'retry-2');
  await page.goto(`/executions/${id}`);
  await page.getByTestId('raw').getByRole('button', { name: 'Show' }).click();
  const shown = JSON.parse((await page.getByTestId('record').textContent()) ?? '') as Row;
  expect(shown).toEqual(await api<Row>(page, `/api/v1/executions/${id}`));
});

test('attempts are ghosts of one row, waiting is apart from work, and names keep to their place', async ({
  page,
}) => {
  await open(page, '/');
  const id = await idOf(page, 'retry-2');
  await page.goto(`/executions/${id}`);
  const call = page.locator('li[data-step="call#1"]');
  await expect(call.locator('[data-ghost]')).toHaveCount(2);
  await expect(call).toContainText('3 attempts');
  await expect(call).toContainText('1 → 12 items');
  const wait = page.locator('li[data-step="finish#1"] [data-wait=waiting]');
  await expect(wait).toHaveCSS('background-image', /gradient/);
  await expect(page.locator('li').filter({ hasText: RIGHT_TO_LEFT })).toBeVisible();
  for (const width of [1440, 1024, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(wider, `${width} px`).toBeLessThanOrEqual(0);
  }
});

test('called executions open inside the caller, and the family says how the whole went', async ({
  page,
}) => {
  await open(page, '/');
  const id = await idOf(page, 'call-1');
  await page.goto(`/executions/${id}`);
  const waterfall = page.getByTestId('waterfall');
  for (const level of [2, 3, 4]) {
    await waterfall
      .getByRole('button', { name: new RegExp(`^Expand level-${level}`, 'i') })
      .click();
    await expect(
      waterfall.getByRole('button', { name: new RegExp(`^inside ${level}`) }),
    ).toBeVisible();
  }
  const family = page.getByTestId('family');
  await expect(family.locator('li')).toHaveCount(4);
  await expect(family).toContainText('4 executions in all, completed');
  await family.getByRole('link', { name: 'Level 4' }).click();
  await expect(page.getByTestId('execution-name')).toContainText('Level 4');
  await page.goBack();
  await expect(page.getByTestId('execution-name')).toContainText('Level 1');
});

test('an execution is judged against earlier ones, and leads to its neighbours', async ({
  page,
}) => {
  await open(page, '/');
  const id = await idOf(page, 'invoices-200');
  await page.goto(`/executions/${id}`);
  const norms = await api<{ previous: string; next: string; findings: { kind: string }[] }>(
    page,
    `/api/v1/executions/${id}/norms`,
  );
  await expect(page.locator('[data-finding]')).toHaveCount(norms.findings.length);
  expect(norms.findings.map(({ kind }) => kind)).toContain('first_of_version');
  await expect(page.getByTestId('unusual')).toContainText(
    'It is the first execution of its version.',
  );
  await page.keyboard.press('n');
  await expect(page).toHaveURL(new RegExp(norms.next));
  // Its own neighbours are known once what is usual for it is.
  await expect(page.getByText('invoices-201')).toBeVisible();
  await expect(page.getByTestId('unusual')).toBeVisible();
  await page.keyboard.press('p');
  await expect(page).toHaveURL(new RegExp(id));
});

test('from a list with a filter, previous and next stay in it', async ({ page }) => {
  await open(page, `/executions?${RANGE}&status=failed`);
  await settled(page);
  const { executions } = await api<{ executions: { id: string }[] }>(
    page,
    '/api/v1/executions?last=7d&status=failed&limit=3',
  );
  const [newest, second, third] = executions.map(({ id }) => id);
  await page.locator('[data-testid=executions] tr[data-row] a').first().click();
  await expect(page).toHaveURL(new RegExp(`/executions/${newest}.*status=failed`));
  const older = page.getByRole('link', { name: 'Next older execution of the list' });
  const newer = page.getByRole('link', { name: 'Next newer execution of the list' });
  await expect(older).toBeVisible();
  await expect(newer).toHaveCount(0);
  await page.keyboard.press('p');
  await expect(page).toHaveURL(new RegExp(`/executions/${second}.*status=failed`));
  await older.click();
  await expect(page).toHaveURL(new RegExp(`/executions/${third}.*status=failed`));
  // Its own neighbours take a moment.
  await expect(newer).toHaveAttribute('href', new RegExp(`/executions/${second}`));
  await page.keyboard.press('n');
  await expect(page).toHaveURL(new RegExp(`/executions/${second}.*status=failed`));
});

test('the way back to the list keeps its filters', async ({ page }) => {
  await open(page, `/executions?${RANGE}&status=failed`);
  await settled(page);
  await page.locator('[data-testid=executions] tr[data-row] a').first().click();
  await expect(page.getByTestId('execution-name')).toBeVisible();
  const started = page
    .locator('dt', { hasText: /^Started$/ })
    .locator('xpath=following-sibling::dd');
  await expect(started).toHaveText(/^\d+ \w+ \d+, \d\d:\d\d:\d\d/);
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').click();
  await expect(page).toHaveURL(/\/executions\?.*status=failed/);
  await expect(page.locator('[data-chip=status]')).toContainText('that failed');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('what a step took is read whole, below its bar', async ({ page }) => {
    // Only who is logged in may ask for ids.
    await open(page, `/executions?${RANGE}`);
    await open(page, `/executions/${await idOf(page, 'loop-1')}?${RANGE}`);
    await settled(page);
    const notes = page.getByTestId('waterfall').locator('li[data-step] > p');
    await expect(notes.first()).toContainText(' s');
    for (const note of await notes.all()) {
      const cut = await note.evaluate((line) => line.scrollWidth > line.clientWidth);
      expect(cut, (await note.textContent()) ?? '').toBe(false);
    }
  });
});

test('an unknown execution says so, and leads back', async ({ page }) => {
  await open(page, '/executions/nothing-like-this');
  await expect(page.getByTestId('unknown-execution')).toBeVisible();
  await page.getByRole('link', { name: 'Show all executions' }).click();
  await expect(page).toHaveURL(/\/executions/);
});

test('what is expanded is in the address', async ({ page, context }) => {
  await open(page, '/');
  await page.goto(`/executions/${await idOf(page, 'call-1')}`);
  const expand = page.getByTestId('waterfall').getByRole('button', { name: /^Expand level-2/i });
  await expand.click();
  await expect(page).toHaveURL(/toggled=execution:/);
  const inside = (of: Page, level: number) =>
    of.getByTestId('waterfall').getByRole('button', { name: new RegExp(`^inside ${level}`) });
  await expect(inside(page, 2)).toBeVisible();
  await page.getByTestId('raw').getByRole('button', { name: 'Show' }).click();
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(inside(other, 2)).toBeVisible();
  await expect(other.getByTestId('record')).toBeVisible();
  await other.close();
  await page.getByRole('button', { name: 'Expand all' }).click();
  for (const level of [2, 3, 4]) await expect(inside(page, level)).toBeVisible();
  await page.getByRole('button', { name: 'Collapse all' }).click();
  await expect(inside(page, 2)).toHaveCount(0);
  await expect(page).toHaveURL(/expanded=none/);
});

test('what is usual takes the place that was kept for it', async ({ page }) => {
  await open(page, '/');
  const id = await idOf(page, 'invoices-10');
  let answer = (): void => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/norms*', async (route) => {
    await asked;
    await route.continue();
  });
  await page.goto(`/executions/${id}`);
  const waterfall = page.getByTestId('waterfall');
  const raw = page.getByTestId('raw');
  await expect(waterfall).toBeVisible();
  const top = async (): Promise<(number | undefined)[]> => [
    (await waterfall.boundingBox())?.y,
    (await raw.boundingBox())?.y,
  ];
  const before = await top();
  answer();
  await expect(page.getByTestId('unusual')).toBeVisible();
  await settled(page);
  expect(await top()).toEqual(before);
});

test('steps stand inside the step that contains them, which folds with them, and waiting is told from work', async ({
  page,
}) => {
  await open(page, '/');
  await page.goto(`/executions/${await idOf(page, 'loop-1')}`);
  const waterfall = page.getByTestId('waterfall');
  await expect(waterfall).toContainText(
    '12.0 s working, 24.0 s waiting in steps, 9.00 s between steps',
  );
  const steps = waterfall.locator('li[data-step]');
  const shown = async (): Promise<(string | null)[]> =>
    Promise.all((await steps.all()).map((row) => row.getAttribute('data-step')));
  await expect(steps).toHaveCount(6);
  expect(await shown()).toEqual(['loop#1', 'call#1', 'decide#1', 'loop#2', 'call#2', 'decide#2']);
  await expect(steps.nth(2)).toHaveAttribute('aria-level', '2');
  await expect(steps.nth(2)).toContainText('12.0 s of it waiting');
  const [bar, wait] = await Promise.all([
    steps.nth(2).locator('[data-bar]').boundingBox(),
    steps.nth(2).locator('[data-waiting]').boundingBox(),
  ]);
  expect(wait!.width / bar!.width).toBeCloseTo(0.8, 1);
  await waterfall.getByRole('button', { name: 'Collapse loop' }).first().click();
  await expect(steps).toHaveCount(4);
  expect(await shown()).toEqual(['loop#1', 'loop#2', 'call#2', 'decide#2']);
  await page.getByRole('searchbox', { name: 'Find a step' }).fill('decide');
  // As many rows as before, so their number does not tell when they have changed.
  await expect.poll(shown).toEqual(['loop#1', 'decide#1', 'loop#2', 'decide#2']);
});
