import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { given, open } from './page';
import { everyView, show, type View } from './views';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const DAY_MS = 86_400_000;
const WORKFLOW = 'accessible-orders';

/** Executions of two versions with steps, errors and a name that is too long for its column. */
function events(): object[] {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  return Array.from({ length: 24 }, (_, index) => {
    const failed = index % 5 === 0;
    const end = today - index * DAY_MS;
    const of = {
      executionId: `accessible-${index}`,
      workflowId: WORKFLOW,
      workflowName: 'Orders that have a rather long name, as people give them',
      workflowVersion: index < 12 ? '2' : '1',
      userId: `user-${index % 3}`,
    };
    const step = (stepId: string, from: number, to: number, status: string): object => ({
      ...of,
      type: 'step',
      stepId,
      stepName: `Step ${stepId}`,
      stepType: 'http',
      status,
      duration: to - from,
      timestamp: new Date(end - 60_000 + to).toISOString(),
    });
    return [
      {
        ...of,
        type: 'activity',
        action: index % 2 ? 'login' : 'open',
        resource: 'order',
        timestamp: new Date(end - 90_000).toISOString(),
      },
      {
        ...of,
        type: 'document',
        kind: index % 2 ? 'pdf' : 'docx',
        status: failed ? 'failed' : 'completed',
        duration: 800,
        timestamp: new Date(end - 1000).toISOString(),
      },
      {
        ...of,
        type: 'queue',
        queue: 'orders',
        ...(index % 2 ? { action: 'dequeued', waitMs: 300 } : { action: 'enqueued' }),
        timestamp: new Date(end - 80_000).toISOString(),
      },
      step('fetch', 0, 20_000, 'completed'),
      step('book', 20_000, 55_000, failed ? 'failed' : 'completed'),
      {
        ...of,
        type: 'execution',
        status: failed ? 'failed' : 'completed',
        ...(failed ? { errorType: 'Timeout', errorMessage: 'The shop did not answer' } : {}),
        duration: 60_000,
        timestamp: new Date(end).toISOString(),
      },
    ];
  }).flat();
}

test.beforeAll(async ({ request }) => {
  const response = await request.post(`${given.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: events(),
  });
  expect(response.ok(), await response.text()).toBe(true);
  for (const kind of ['release', 'incident', 'note']) {
    const added = await request.post(`${given.url}/api/v1/annotations`, {
      headers: { authorization: `Bearer ${given.apiKey}` },
      data: { kind, title: `A ${kind} that charts mark`, description: 'In a few words.' },
    });
    expect(added.ok(), await added.text()).toBe(true);
  }
});

/** What axe finds in a view, at any impact: which rule, and where. */
async function faults(page: Page, view: View): Promise<string[]> {
  await show(page, view);
  // Text that still fades in has the contrast of its fading.
  await page.waitForTimeout(400);
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target }) => `${view.name}: ${id} (${impact}) at ${target.join(' ')}`),
  );
}

const SIZES = [
  { name: 'desktop', viewport: { width: 1440, height: 900 }, hasTouch: false },
  { name: 'phone', viewport: { width: 390, height: 844 }, hasTouch: true },
];

const THEMES = ['light', 'dark'] as const;
/** Every view in every size and theme takes a quarter of an hour; without this, each view is checked in one of them. */
const ALL = process.env.WEIR_AXE === 'all';

async function check(
  browser: Browser,
  size: (typeof SIZES)[number],
  theme: (typeof THEMES)[number],
) {
  const context = await browser.newContext({ ...size, colorScheme: theme });
  const page = await context.newPage();
  await open(page);
  const turn = SIZES.indexOf(size) * THEMES.length + THEMES.indexOf(theme);
  const turns = SIZES.length * THEMES.length;
  const all = await everyView(page, WORKFLOW);
  const views = all.filter((_, index) => ALL || index % turns === turn);
  expect(views.length).toBeGreaterThan(0);
  const found: string[] = [];
  const missing: string[] = [];
  for (const view of views.filter(({ outside }) => !outside)) {
    found.push(...(await faults(page, view)));
    if ((await page.getByTestId('page-missing').count()) > 0) missing.push(view.name);
  }
  for (const view of views.filter(({ outside }) => outside)) {
    found.push(...(await faults(page, view)));
  }
  await context.close();
  expect(found).toEqual([]);
  // Every view that is listed exists, apart from the one that must not.
  expect(missing).toEqual(views.flatMap(({ name }) => (name === 'page-missing' ? name : [])));
}

for (const size of SIZES) {
  for (const theme of THEMES) {
    test(`axe finds nothing in any view: ${size.name}, ${theme}`, async ({ browser }) => {
      test.setTimeout(600_000);
      await check(browser, size, theme);
    });
  }
}
