import { expect, test, type CDPSession, type Locator, type Page } from '@playwright/test';
import { given, kpi, open, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const DAY_MS = 86_400_000;

test.beforeAll(async ({ request }) => {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const events = Array.from({ length: 40 }, (_, day) => ({
    type: 'execution',
    executionId: `hands-${day}`,
    workflowId: 'orders',
    workflowName: 'Orders',
    status: day % 4 === 0 ? 'failed' : 'completed',
    errorType: day % 4 === 0 ? 'Timeout' : undefined,
    duration: 1000 + 100 * day,
    timestamp: new Date(today - day * DAY_MS).toISOString(),
  }));
  const response = await request.post(`${given.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: events,
  });
  expect(response.ok(), await response.text()).toBe(true);
});

const chartOf = (page: Page): Locator => page.getByTestId('executions-chart').getByRole('slider');

async function boxOf(
  of: Locator,
): Promise<{ x: number; y: number; width: number; height: number }> {
  await of.scrollIntoViewIfNeeded();
  const box = await of.boundingBox();
  if (!box) throw new Error('not visible');
  return box;
}

/**
 * Drags over the chart, through its tooltip, and returns the text that this selects. `clicks` is 2 if the button goes
 * down so soon after the last time that the browser takes it for a double-click, which selects words.
 */
async function drag(page: Page, from: number, to: number, clicks = 1): Promise<string> {
  const box = await boxOf(chartOf(page));
  await page.mouse.move(box.x + box.width * from, box.y + 30);
  await page.mouse.down({ clickCount: clicks });
  await page.mouse.move(box.x + box.width * to, box.y + box.height * 0.7, { steps: 12 });
  const selected = await page.evaluate(() => String(window.getSelection()));
  await page.mouse.up({ clickCount: clicks });
  return selected;
}

test('dragging over a chart zooms every time, and selects no text', async ({ page }) => {
  await open(page, '/?range=30d');
  await settled(page);
  const all = await kpi(page, 'executions');
  expect(await drag(page, 0.3, 0.8)).toBe('');
  await expect(page).toHaveURL(/from=/);
  const part = await kpi(page, 'executions');
  expect(part).toBeLessThan(all);
  const first = page.url();
  expect(await drag(page, 0.3, 0.6, 2)).toBe('');
  await expect(page).toHaveURL(/from=/);
  await expect(page).not.toHaveURL(first);
  expect(await kpi(page, 'executions')).toBeLessThan(part);
});

test('the figure that is clicked is drawn, and the URL says so', async ({ page }) => {
  await open(page, '/?range=30d');
  await settled(page);
  await expect(page.getByTestId('executions-chart')).toBeVisible();
  await page.getByRole('button', { name: /^p95 duration/ }).click();
  await expect(page).toHaveURL(/figure=duration_p95/);
  await expect(page.getByTestId('figure-chart')).toContainText('p95 duration');
  await expect(page.getByTestId('executions-chart')).toHaveCount(0);
  await page.reload();
  const chosen = page.getByRole('button', { name: /^p95 duration/ });
  await expect(chosen).toHaveAttribute('aria-pressed', 'true');
  await chosen.click();
  await expect(page.getByTestId('executions-chart')).toBeVisible();
  await expect(page).not.toHaveURL(/figure=/);
});

test('the keyboard reaches days and exact values', async ({ page }) => {
  await open(page, '/?range=30d');
  await settled(page);
  const days = page.getByTestId('busiest').locator('svg a');
  await days.first().focus();
  await expect(page.getByRole('tooltip')).toContainText(/executions|steps/);
  const label = await days.nth(8).getAttribute('aria-label');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(days.nth(8)).toBeFocused();
  await expect(page.getByRole('tooltip')).toHaveText(label ?? 'a day');

  const cells = page.getByTestId('slowest-workflows').locator('td[tabindex]');
  await expect(page.getByTestId('slowest-workflows').locator('td[tabindex="0"]')).toHaveCount(1);
  await page.getByTestId('slowest-workflows').locator('td[tabindex="0"]').focus();
  const exact = await cells.first().getAttribute('title');
  await expect(page.getByRole('tooltip')).toHaveText(exact ?? 'a value');
  await page.keyboard.press('ArrowRight');
  await expect(cells.nth(1)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip')).toHaveCount(0);

  await days.nth(8).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=/);
});

test('what leads to another page is a link that opens in a new tab', async ({ page, context }) => {
  await open(page, '/?range=30d');
  await settled(page);
  const day = page.getByTestId('busiest').locator('tbody a').first();
  const [tab] = await Promise.all([
    context.waitForEvent('page'),
    day.click({ modifiers: ['Control'] }),
  ]);
  // A tab in the background may take its time to load.
  await tab.waitForURL(/from=/, { waitUntil: 'commit' });
  await expect(page).toHaveURL(/range=30d/);
});

test('a page whose code cannot be loaded leaves the frame, and is there when the server is back', async ({
  page,
  context,
}) => {
  await open(page, '/?range=30d');
  await settled(page);
  await context.setOffline(true);
  await page.getByRole('link', { name: 'Errors', exact: true }).first().click();
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText('Cannot reach the Weir server');
  await expect(page.getByRole('navigation', { name: 'Main' }).first()).toBeVisible();
  await expect(page.getByTestId('range')).toBeVisible();
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(alert).toContainText('Cannot reach the Weir server');
  await context.setOffline(false);
  // The page recovers when the live stream reconnects, without a reload.
  await expect(async () => {
    const retry = page.getByRole('button', { name: 'Retry' });
    if (await retry.isVisible()) await retry.click({ timeout: 500 });
    await expect(page.getByTestId('error-groups')).toBeVisible({ timeout: 3_000 });
  }).toPass();
});

test('a page of an older version offers to reload', async ({ page }) => {
  await open(page, '/?range=30d');
  await settled(page);
  await page.route('**/assets/*.js', (route) => route.fulfill({ status: 404 }));
  await page.getByRole('link', { name: 'Errors', exact: true }).first().click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Weir was updated');
  await page.unroute('**/assets/*.js');
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByTestId('error-groups')).toBeVisible();
  await expect(page).toHaveURL(/range=30d/);
});

test.describe('with a finger', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  /** Moves one finger; real touches, so that the browser decides between scrolling and zooming. */
  async function swipe(
    client: CDPSession,
    from: { x: number; y: number },
    to: { x: number; y: number },
  ): Promise<void> {
    const at = (share: number) => ({
      x: from.x + (to.x - from.x) * share,
      y: from.y + (to.y - from.y) * share,
    });
    await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [from] });
    for (let step = 1; step <= 10; step += 1) {
      await client.send('Input.dispatchTouchEvent', {
        type: 'touchMove',
        touchPoints: [at(step / 10)],
      });
    }
    await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }

  test('a chart zooms sideways and scrolls the page up and down', async ({ page, context }) => {
    await open(page, '/?range=30d');
    await settled(page);
    const client = await context.newCDPSession(page);
    const box = await boxOf(chartOf(page));
    const middle = box.y + box.height / 2;
    const before = await page.evaluate(() => window.scrollY);
    const x = box.x + box.width / 2;
    await swipe(client, { x, y: middle }, { x, y: middle - 150 });
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(before);
    await expect(page).toHaveURL(/range=30d/);
    const now = await boxOf(chartOf(page));
    const y = now.y + now.height / 2;
    await swipe(client, { x: now.x + now.width * 0.4, y }, { x: now.x + now.width * 0.7, y });
    await expect(page).toHaveURL(/from=/);
  });

  test('targets are large enough', async ({ page }) => {
    for (const path of ['/', '/workflows', '/workflows/orders', '/errors', '/settings/redaction']) {
      await page.goto(`${path}?range=30d`);
      await open(page, `${path}?range=30d`);
      await settled(page);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('main :is(button, a, summary, label:has(input))')]
          // Links in a sentence are as high as its line, and a day of the calendar is in the table as well.
          .filter(
            (element) => !element.closest('p, td, svg') && element.getClientRects().length > 0,
          )
          .filter((element) => {
            // A link whose pseudo-element covers its row or card is as large as that.
            const covers = getComputedStyle(element, '::after').position === 'absolute';
            const target = (covers && (element as HTMLElement).offsetParent) || element;
            return target.getBoundingClientRect().height < 39.5;
          })
          .map((element) => `${element.tagName} ${element.textContent}`),
      );
      // The button of a figure fills its tile, which a pseudo-element does.
      expect(
        small.filter((name) => !/^BUTTON [\d.$–]/.test(name)),
        path,
      ).toEqual([]);
    }
  });

  test('a wide table says that there is more to the side', async ({ page }) => {
    await open(page, '/?range=30d');
    await settled(page);
    const edges = await page
      .getByTestId('top-errors')
      .locator('table')
      .evaluate((table) => getComputedStyle(table.parentElement as Element).backgroundAttachment);
    expect(edges).toContain('local');
    expect(edges).toContain('scroll');
  });
});
