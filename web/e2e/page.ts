import { expect, type Page, type Request } from '@playwright/test';

/** The figures of the real log (BPI Challenge 2012), counted from the file itself. */
export const LOG = {
  workflow: 'bpi-challenge-2012',
  executions: 13_087,
  activities: 262_200,
  steps: 164_506,
  users: 68,
  /** Milliseconds, exact; the page can differ by the sketch's one percent. */
  durationP50: 69_857_000,
  durationP95: 2_708_078_000,
  busiestDay: 'Mon 13 Feb 2012',
  busiestDayActivities: 3185,
};

/** What a test run is given; without a URL there is nothing to test. */
export const given = {
  url: process.env.WEIR_E2E_URL,
  email: process.env.WEIR_E2E_EMAIL ?? '',
  password: process.env.WEIR_E2E_PASSWORD ?? '',
  /** A key with the ingest scope: one test sends a second workflow. */
  apiKey: process.env.WEIR_E2E_API_KEY ?? '',
};

/** Opens a path of the page, and logs in if necessary. */
export async function open(page: Page, path = '/'): Promise<void> {
  await page.goto(path);
  const email = page.getByLabel('E-mail');
  await expect(email.or(page.locator('#content'))).toBeVisible();
  if (await email.isVisible()) await logIn(page);
  await expect(page.locator('#content')).toBeVisible();
}

/** Fills in the login page. */
export async function logIn(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill(given.email);
  await page.getByLabel('Password', { exact: true }).fill(given.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

/** Waits until no card is loading or updating. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('[role=status][aria-label=Loading]')).toHaveCount(0);
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
}

/** The exact figure of a KPI card. */
export async function kpi(page: Page, metric: string): Promise<number> {
  await settled(page);
  const card = page.getByTestId(`kpi-${metric}`);
  await expect(card).toHaveAttribute('data-value', /\d/);
  return Number(await card.getAttribute('data-value'));
}

/** Records every call of the API from now on. */
export function recordCalls(page: Page): { calls: string[]; clear: () => void } {
  const calls: string[] = [];
  page.on('request', (request: Request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith('/api/')) {
      calls.push(`${request.method()} ${pathname}${search} ${request.postData() ?? ''}`);
    }
  });
  return { calls, clear: () => calls.splice(0) };
}

/** Records what the browser complains about: script errors, blocked styles and scripts. */
export function recordComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Before the login, the first request for the session is answered 401, as it should be.
    if (message.type() === 'error' && !message.text().includes('401')) {
      complaints.push(message.text());
    }
  });
  return complaints;
}
