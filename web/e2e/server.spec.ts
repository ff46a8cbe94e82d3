import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { given, open, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const DAY = 86_400_000;
const PATH = '/settings/server';

/** What these tests read of the answer. */
interface Report {
  to: string;
  advice: { urgency: 'now' | 'soon'; text: string }[];
  levels: { kind: string; good: number; total: number; met: boolean | null }[];
  storage: {
    storeBytes: number;
    controlBytes: number;
    freeBytes: number | null;
    fullAt: string | null;
    growthPerDay: number | null;
    days: number;
  };
  days: { day: string; events: number; requests: number; failed: number; slow: number }[];
  organisations: { name: string; events: number; projects: number; people: number }[];
  other: { count: number; events: number } | null;
  people: number;
  activePeople: number;
}

/** Opens the page; returns the answer that it shows, for every answer differs a little from the one before. */
async function opened(page: Page, path = PATH): Promise<Report> {
  await open(page);
  const answer = page.waitForResponse(/\/api\/v1\/server\?/);
  await page.goto(path);
  const report = (await (await answer).json()) as Report;
  await settled(page);
  return report;
}

/** A text with plain spaces, and without the marks that isolate names. */
const plain = (text: string | null): string => (text ?? '').replace(/\s+/g, ' ').trim();

const grouped = (value: number): string => value.toLocaleString('en-GB');

/** The cells of a table, as they are shown or, if they say it on hover, exactly. */
async function cells(page: Page, testId: string): Promise<string[][]> {
  const rows = page.getByTestId(testId).locator('tbody tr');
  return rows.evaluateAll((all) =>
    all.map((row) =>
      [...row.querySelectorAll('th, td')].map((cell) =>
        (cell.getAttribute('title') ?? cell.textContent).replace(/\s+/g, ' ').trim(),
      ),
    ),
  );
}

/** The exact figure of a tile, and the remark below it. */
async function tile(page: Page, label: string): Promise<string> {
  const figure = page
    .getByTestId('server-storage')
    .locator('dl > div')
    .filter({ has: page.getByText(label, { exact: true }) });
  const exact = await figure.locator('dd').first().getAttribute('title');
  return plain(exact ?? (await figure.textContent()));
}

test('the page says what the API does', async ({ page }) => {
  const complaints = recordComplaints(page);
  const report = await opened(page, `${PATH}?tz=UTC&table=events&table=trouble`);
  const state = page.getByTestId('server-state');
  const items = page.getByTestId('server-advice').locator('li');
  await expect(items).toHaveCount(report.advice.length);
  for (const [index, { urgency, text }] of report.advice.entries()) {
    const said = plain(await items.nth(index).textContent());
    expect(said).toContain(text.replaceAll('`', ''));
    expect(said).toMatch(urgency === 'now' ? /^Now/ : /^Soon/);
  }
  const [first] = report.advice;
  if (first) await expect(state).toContainText(`needs attention ${first.urgency}`);
  else await expect(state).toContainText(/All is well|Nothing needs attention/);

  const levels = await cells(page, 'server-levels');
  expect(levels).toHaveLength(report.levels.length);
  for (const [index, { good, total, met }] of report.levels.entries()) {
    expect(levels[index]?.[1]).toContain(`${grouped(good)} of ${grouped(total)}`);
    expect(levels[index]?.[3]).toBe(met === null ? 'not enough data' : met ? 'met' : 'missed');
  }

  const { storeBytes, controlBytes, freeBytes, fullAt, growthPerDay, days } = report.storage;
  expect(await tile(page, 'Storage used')).toBe(`${grouped(storeBytes + controlBytes)} bytes`);
  if (freeBytes !== null) {
    expect(await tile(page, 'Free disk space')).toBe(`${grouped(freeBytes)} bytes`);
  }
  const full = await tile(page, 'Disk full');
  if (growthPerDay === null) expect(full).toContain(`needs 7 days of data, has ${days}`);
  else if (fullAt !== null) {
    const left = Math.floor((Date.parse(fullAt) - Date.parse(report.to)) / DAY);
    expect(full).toContain(left < 1 ? 'Within a day' : `In ${left} day`);
    expect(full).toContain(String(new Date(fullAt).getUTCFullYear()));
  } else expect(full).toContain('Not in sight');

  if (report.days.some(({ events }) => events > 0)) {
    const shown = (await cells(page, 'server-events')).map((row) => row.at(-1));
    const noted = report.days.map(({ events }) => grouped(events));
    expect(shown.filter((text) => text !== 'no data')).toEqual(noted);
  }
  if (report.days.some(({ failed, slow }) => failed + slow > 0)) {
    const shown = (await cells(page, 'server-trouble')).map((row) => row.slice(-2).join());
    const noted = report.days.map(({ failed, slow }) => `${grouped(failed)},${grouped(slow)}`);
    expect(shown.filter((text) => text !== 'no data,no data')).toEqual(noted);
  }

  const rows = await cells(page, 'server-organisations');
  expect(rows.map((row) => [row[0], row[1]])).toEqual([
    ...report.organisations.map(({ name, events }) => [name, grouped(events)]),
    ...(report.other
      ? [[expect.stringContaining('other organisation'), grouped(report.other.events)]]
      : []),
  ]);
  expect(plain(await page.getByTestId('server-use').textContent())).toContain(
    `${grouped(report.activePeople)} of ${grouped(report.people)} account`,
  );
  expect(complaints).toEqual([]);
});

test('the number of days is in the URL, and Back undoes a choice', async ({ page }) => {
  await opened(page);
  const days = page.getByRole('group', { name: 'Days shown' });
  await expect(days.getByRole('button', { name: '30 days' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  const answer = page.waitForResponse(/\/api\/v1\/server\?days=90$/);
  await days.getByRole('button', { name: '90 days' }).press('Enter');
  await answer;
  await expect(page).toHaveURL(/days=90/);
  await page.goBack();
  await expect(page).not.toHaveURL(/days=/);
  await expect(days.getByRole('button', { name: '30 days' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
});

test('only who runs the server has the page', async ({ page }) => {
  await opened(page);
  const menu = page.getByRole('navigation', { name: 'Settings' });
  await expect(menu.getByRole('link', { name: 'Server' })).toBeVisible();
  await page.route('**/api/v1/session', async (route) => {
    const response = await route.fetch();
    const session = (await response.json()) as { permissions: string[] };
    session.permissions = session.permissions.filter((one) => one !== 'operate_server');
    await route.fulfill({ response, json: session });
  });
  let asked = false;
  page.on('request', (request) => (asked ||= request.url().includes('/api/v1/server?')));
  await page.goto(PATH);
  await expect(page.getByTestId('refused')).toContainText('Only owners of the first organisation');
  await expect(menu.getByRole('link', { name: 'Projects' })).toBeVisible();
  await expect(menu.getByRole('link', { name: 'Server' })).toHaveCount(0);
  expect(asked).toBe(false);
});

test('what is not known is not claimed, on a phone as well', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(page);
  await page.route('**/api/v1/server?*', async (route) => {
    const response = await route.fetch();
    const report = (await response.json()) as Report;
    const levels = report.levels.map((level) => ({ ...level, met: null, budgetLeftPct: null }));
    const storage = {
      ...report.storage,
      growthPerDay: null,
      fullAt: null,
      freeBytes: null,
      days: 3,
    };
    const other = { count: 12, events: 1234 };
    await route.fulfill({ response, json: { ...report, advice: [], levels, storage, other } });
  });
  await page.goto(PATH);
  await expect(page.getByTestId('server-state')).toContainText('too little data');
  await expect(page.getByTestId('server-levels')).toContainText('not enough data');
  expect(await tile(page, 'Disk full')).toContain('needs 7 days of data, has 3');
  expect(await tile(page, 'Free disk space')).toBe('no data');
  const last = page.getByTestId('server-organisations').locator('tbody tr').last();
  await expect(last).toContainText('12 other organisations');
  await settled(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
