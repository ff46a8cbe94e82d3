import { expect, test, type APIRequestContext } from '@playwright/test';
import { claims, MINUTE, uniqueText } from './claims';
import { send, type Event } from './executions';
import { given, open, recordCalls, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const SEED = uniqueText();
const WORKFLOW = `claims-${SEED}`;
/** A workflow with more paths than one page of variants has. */
const MANY = { workflow: `paths-${SEED}`, paths: 130 };
/** Two workflows whose executions belong to one client. */
const CLIENT = `Acme ${SEED}`;
const NAMES = [`Billing ${SEED}`, `Refunds ${SEED}`];

/** Executions with different paths: the number of an execution in ternary digits, as steps. */
function pathsOf(index: number): Event[] {
  const of = { workflowId: MANY.workflow, executionId: `path-${index}` };
  const end = Date.now() - index * MINUTE;
  const steps = [...index.toString(3).padStart(5, '0')].map((digit, at) => ({
    ...of,
    type: 'step',
    stepId: `${at}${digit}`,
    status: 'completed',
    duration: 10,
    timestamp: new Date(end - (5 - at) * 100).toISOString(),
  }));
  const whole = { type: 'execution', status: 'completed', duration: 600 };
  return [...steps, { ...of, ...whole, timestamp: new Date(end).toISOString() }];
}

/** Declares the key of `metadata` that `clients` have. */
async function declareClients(request: APIRequestContext): Promise<void> {
  const headers = { authorization: `Bearer ${given.apiKey}` };
  const { projects } = (await (await request.get('/api/v1/projects', { headers })).json()) as {
    projects: { id: string }[];
  };
  const path = `/api/v1/projects/${projects[0]?.id}/dimensions`;
  const { version } = (await (await request.get(path, { headers })).json()) as { version: number };
  const declared = await request.put(path, {
    headers: { ...headers, 'if-match': `"${version}"` },
    data: { dimensions: [{ key: 'client', label: 'Client' }] },
  });
  expect(declared.ok(), await declared.text()).toBe(true);
}

/** An execution of each of the client's workflows. */
const clients = (): Event[] =>
  NAMES.map((name) => ({
    type: 'execution',
    workflowId: name,
    workflowName: name,
    executionId: `${name}-1`,
    status: 'completed',
    duration: 1000,
    metadata: { client: CLIENT },
    timestamp: new Date(Date.now() - MINUTE).toISOString(),
  }));

test.beforeAll(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: given.url });
  await declareClients(request);
  await request.dispose();
  const many = Array.from({ length: MANY.paths }, (_, index) => pathsOf(index));
  await send([...claims(WORKFLOW), ...many.flat(), ...clients()]);
});

const at = (tab = ''): string => `/workflows/${WORKFLOW}${tab && `/${tab}`}?range=24h`;

test('every path of a process can be listed, and no page of them is asked for twice', async ({
  page,
}) => {
  const { calls } = recordCalls(page);
  const asked = () => calls.filter((call) => call.includes(`/${MANY.workflow}/variants?`));
  await open(page, `/workflows/${MANY.workflow}/map?range=24h&live=off`);
  await settled(page);
  const list = page.getByTestId('variants');
  const rows = list.locator('[data-variant]');
  await expect(rows).toHaveCount(20);
  await list.getByRole('button', { name: 'Show 100 more' }).click();
  await expect(rows).toHaveCount(120);
  await list.getByRole('button', { name: 'Show 10 more' }).click();
  await expect(rows).toHaveCount(MANY.paths);
  await expect(list.getByRole('button', { name: /^Show \d+ more/ })).toHaveCount(0);
  expect(asked()).toHaveLength(3);
  expect(asked().filter((call) => !call.includes('cursor='))).toHaveLength(1);
  const ids = () => rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-variant')));
  const before = await ids();
  expect(new Set(before).size).toBe(MANY.paths);
  await page.reload();
  await expect(rows).toHaveCount(MANY.paths);
  expect(await ids()).toEqual(before);
  await page.goBack();
  await expect(rows).toHaveCount(120);
});

test('a map that fills the window shows what is open beside it, and Back undoes each click', async ({
  page,
}) => {
  await open(page, at('map'));
  await settled(page);
  await page.getByRole('button', { name: 'Fill the window' }).click();
  await page.locator('[data-node="step:ask"]').click();
  const details = page.getByTestId('map-details');
  await expect(details).toContainText('The ask');
  const box = await details.boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBe(1440);
  await expect(page.getByTestId('comparison').locator('xpath=..')).toHaveAttribute('inert', '');
  // Tab goes round the map and what is open, not through the page behind them.
  const reach = new Set<string>();
  for (let press = 0; press < 40; press += 1) {
    await page.keyboard.press('Tab');
    reach.add(
      await page.evaluate(() => {
        const card = document.activeElement?.closest('section');
        return card?.getAttribute('data-testid') ?? document.activeElement?.tagName ?? '';
      }),
    );
  }
  expect([...reach].sort()).toEqual(['BODY', 'map-details', 'process-map']);
  await page.goBack();
  await expect(details).toHaveCount(0);
  await page.goBack();
  await expect(page).not.toHaveURL(/full=/);
  await page.getByRole('navigation').getByRole('link', { name: 'Errors' }).first().focus();
  await expect(page.locator('nav :focus')).toHaveCount(1);
  await page.getByRole('button', { name: 'Failures' }).click();
  await page.getByRole('button', { name: 'Time', exact: true }).click();
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Failures' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
});

test('a flat map fills its canvas, which is as high as the map, and names every step of a path', async ({
  page,
}) => {
  await open(page, at('map'));
  await settled(page);
  const canvas = await page.getByTestId('map').boundingBox();
  const boxes = await page
    .getByTestId('map')
    .locator('[data-node]')
    .evaluateAll((nodes) =>
      nodes.map((node) => {
        const { left, right } = node.getBoundingClientRect();
        return { left, right };
      }),
    );
  const left = Math.min(...boxes.map((box) => box.left));
  const right = Math.max(...boxes.map((box) => box.right));
  expect(canvas?.height).toBeLessThan(360);
  expect((right - left) / (canvas?.width ?? Infinity)).toBeGreaterThan(0.7);
  const cut = await page
    .getByTestId('variants')
    .locator('.chevron bdi')
    .evaluateAll((names) => names.filter((name) => name.scrollWidth > name.clientWidth).length);
  expect(cut).toBe(0);
});

test('two versions compared say which step takes longer', async ({ page }) => {
  await open(page, `${at('map')}&a=version:1&b=version:2`);
  await settled(page);
  const steps = page.getByRole('table', { name: 'Steps that differ most' });
  // 500 ms against 5 s, which weighs more than any difference of shares.
  await expect(steps.locator('tbody tr').filter({ hasText: 'The ask' })).toContainText(
    /9\.\d\u00a0×|10\u00a0×/,
  );
});

test('on a phone, compared paths name every step, and mark what they leave out', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `${at('map')}&a=version:1&b=version:2`);
  await settled(page);
  const paths = page.getByTestId('compared-variants');
  await expect(paths.locator('[data-mark=same]').first()).toHaveText('The zip');
  // Half of those of the second version failed before they paid.
  await expect(paths.locator('[data-mark]:not([data-mark=same])')).toHaveText(/The pay.*left out/);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

test('workflows are grouped by a declared dimension', async ({ page }) => {
  await open(page, '/workflows?range=24h');
  await settled(page);
  const list = page.getByTestId('workflows');
  await page.getByTestId('group-by').click();
  await page.getByRole('option', { name: /^Client/ }).click();
  await expect(page).toHaveURL(/group=metadata\.client/);
  const family = list.getByRole('button', { name: CLIENT });
  const members = list
    .locator('tbody [data-row-link]')
    .filter({ hasText: new RegExp(NAMES.join('|')) });
  await expect(family).toContainText('2 workflows');
  await expect(members).toHaveCount(0);
  // Workflows without a client stand alone.
  await expect(list.locator(`tbody a[href*="${WORKFLOW}"]`)).toBeVisible();
  await family.click();
  await expect(members).toContainText(NAMES);
  await page.goBack();
  await expect(members).toHaveCount(0);
  await page.goBack();
  await expect(page.getByTestId('group-by')).toHaveText('Group by: Name');
  await page.goto('/workflows?range=24h&group=metadata.team');
  await expect(list).toContainText('does not declare the dimension “');
});
