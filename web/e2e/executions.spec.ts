import { expect, test, type Page } from '@playwright/test';
import { given, open, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const HOUR = 3_600_000;
const BEGAN = Math.floor(Date.now() / HOUR) * HOUR - 2 * HOUR;
const RANGE = 'range=7d';
const LONG = 'n'.repeat(200);
const RIGHT_TO_LEFT = 'استخراج الحقول';
const STEPS = 5_000;

const at = (ms: number): string => new Date(BEGAN + ms).toISOString();

type Event = Record<string, unknown>;

interface Ran {
  id: string;
  workflow: string;
  name?: string;
  start: number;
  duration: number;
  status?: string;
  more?: Event;
}

/** An execution with its start and its end. */
function ran({ id, workflow, name, start, duration, status = 'completed', more }: Ran): Event[] {
  const common = { type: 'execution', executionId: id, workflowId: workflow, workflowName: name };
  return [
    { ...common, ...more, status: 'started', timestamp: at(start) },
    { ...common, ...more, status, duration, timestamp: at(start + duration) },
  ];
}

function step(
  execution: string,
  workflow: string,
  id: string,
  start: number,
  ms: number,
  more?: Event,
): Event {
  return {
    type: 'step',
    executionId: execution,
    workflowId: workflow,
    stepId: id,
    stepName: id,
    status: 'completed',
    startTime: at(start),
    endTime: at(start + ms),
    duration: ms,
    ...more,
  };
}

/** Many executions of one workflow, so that a list has more than one page, and that it is known what is usual. */
function orders(): Event[] {
  return Array.from({ length: 260 }, (_, index) =>
    ran({
      id: `order-${index}`,
      workflow: 'orders',
      name: 'Orders',
      start: index * 10_000,
      duration: 1000 + index,
      status: index % 10 === 0 ? 'failed' : 'completed',
      more: {
        workflowVersion: index < 200 ? '1' : '2',
        triggerType: index % 2 ? 'webhook' : 'schedule',
        ...(index % 10 === 0 ? { errorType: 'Timeout', errorMessage: 'It took too long' } : {}),
      },
    }),
  ).flat();
}

/** One with 5,000 steps, one of which failed; several have no length. */
function crawl(): Event[] {
  const steps = Array.from({ length: STEPS }, (_, index) =>
    step(
      'crawl-1',
      'crawl',
      ['fetch', 'parse', 'store'][index % 3] ?? '',
      index * 100,
      index % 7 ? 90 : 0,
      {
        ...(index === 4711
          ? { status: 'failed', errorType: 'Gone', errorMessage: 'Page 4711 is gone' }
          : {}),
      },
    ),
  );
  const more = { errorType: 'Gone', errorMessage: 'Page 4711 is gone', errorStep: 'fetch' };
  return [
    ...ran({
      id: 'crawl-1',
      workflow: 'crawl',
      start: 0,
      duration: 500_000,
      status: 'failed',
      more,
    }),
    ...steps,
  ];
}

/** Calls four deep. */
function calls(): Event[] {
  return [1, 2, 3, 4].flatMap((depth) => {
    const [start, duration] = [depth * 1000, 60_000 - depth * 4000];
    const parent =
      depth > 1
        ? { parentExecutionId: `call-${depth - 1}`, parentWorkflowId: `level-${depth - 1}` }
        : {};
    return [
      ...ran({
        id: `call-${depth}`,
        workflow: `level-${depth}`,
        name: `Level ${depth}`,
        start,
        duration,
        more: parent,
      }),
      step(`call-${depth}`, `level-${depth}`, `inside ${depth}`, start + 500, duration - 1000),
    ];
  });
}

/** One that failed, and its retry with attempts, a wait, parallel steps and difficult names. */
function retried(): Event[] {
  const wait = { type: 'execution', executionId: 'retry-2', workflowId: 'retry' };
  const call = (attempt: number, start: number, failed: boolean): Event =>
    step('retry-2', 'retry', 'call', start, 3000, {
      attempt,
      ...(failed
        ? { status: 'failed', errorType: 'Busy', errorMessage: 'Try later' }
        : { itemsIn: 1, itemsOut: 12 }),
    });
  const failed = { errorType: 'Busy', errorMessage: 'Try later', errorStep: 'call' };
  return [
    ...ran({
      id: 'retry-1',
      workflow: 'retry',
      start: 0,
      duration: 10_000,
      status: 'failed',
      more: failed,
    }),
    step('retry-1', 'retry', 'call', 500, 9000, { status: 'failed', errorType: 'Busy' }),
    ...ran({
      id: 'retry-2',
      workflow: 'retry',
      start: 20_000,
      duration: 100_000,
      more: { retryOf: 'retry-1' },
    }),
    { ...wait, status: 'waiting', timestamp: at(60_000) },
    { ...wait, status: 'started', timestamp: at(90_000) },
    call(1, 21_000, true),
    call(2, 26_000, true),
    call(3, 31_000, false),
    step('retry-2', 'retry', LONG, 35_000, 20_000),
    step('retry-2', 'retry', 'right to left', 35_000, 25_000, { stepName: RIGHT_TO_LEFT }),
    step('retry-2', 'retry', 'finish', 90_000, 25_000),
  ];
}

/** A loop of two passes, each with a call and a decision that a person takes most of its time for. */
function looped(): Event[] {
  const passes = [0, 1].flatMap((pass) => {
    const start = 1000 + pass * 20_000;
    const inside = { parentStepId: 'loop' };
    return [
      step('loop-1', 'loops', 'loop', start, 18_000, { stepType: 'loop' }),
      step('loop-1', 'loops', 'call', start, 3000, inside),
      step('loop-1', 'loops', 'decide', start + 3000, 15_000, {
        ...inside,
        stepType: 'approval',
        waitDuration: 12_000,
      }),
    ];
  });
  return [...ran({ id: 'loop-1', workflow: 'loops', start: 0, duration: 45_000 }), ...passes];
}

async function send(events: Event[]): Promise<void> {
  const response = await fetch(`${given.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${given.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(events),
  });
  expect(response.ok, await response.text()).toBe(true);
}

/** Reads from the API as the page's user does. */
async function api<T>(page: Page, path: string): Promise<T> {
  const response = await page.request.get(path);
  expect(response.ok(), `${path}: ${await response.text()}`).toBe(true);
  return (await response.json()) as T;
}

interface Row {
  id: string;
  executionId: string;
  status: string;
}

async function idOf(page: Page, executionId: string): Promise<string> {
  return (await api<Row>(page, `/api/v1/executions/${executionId}`)).id;
}

test.beforeAll(async () => {
  await send([...orders(), ...crawl(), ...calls(), ...retried(), ...looped()]);
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
  const first = await idOf(page, 'order-0');
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
  await expect(page.locator('li[data-step="finish#1"] [data-wait=waiting]')).toBeVisible();
  await expect(page.locator('li').filter({ hasText: RIGHT_TO_LEFT })).toBeVisible();
  for (const width of [1440, 1024, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(wider, `${width} px`).toBeLessThanOrEqual(0);
  }
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
  await expect(steps).toHaveCount(4);
  expect(await shown()).toEqual(['loop#1', 'decide#1', 'loop#2', 'decide#2']);
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
  const id = await idOf(page, 'order-200');
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
  await expect(page.getByText('order-201')).toBeVisible();
  await expect(page.getByTestId('unusual')).toBeVisible();
  await page.keyboard.press('p');
  await expect(page).toHaveURL(new RegExp(id));
});

test('two selected executions are compared, differences first', async ({ page }) => {
  await open(page, `/executions?${RANGE}&workflow=retry`);
  await settled(page);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByTestId('selection').getByRole('link', { name: 'Compare' }).click();
  await expect(page.getByTestId('side-a')).toContainText('retry-1');
  await expect(page.getByTestId('side-b')).toContainText('retry-2');
  await expect(page.locator('[data-field=status]')).toContainText('Failed');
  await expect(page.locator('[data-field=status]')).toContainText('Completed');
  const kinds = page.locator('[data-compared]');
  await expect(kinds.first()).toBeVisible();
  const [a, b] = [await idOf(page, 'retry-1'), await idOf(page, 'retry-2')];
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
  await expect(page.getByTestId('side-a')).toContainText('retry-2');
});

test('an unknown execution says so, and leads back', async ({ page }) => {
  await open(page, '/executions/nothing-like-this');
  await expect(page.getByTestId('unknown-execution')).toBeVisible();
  await page.getByRole('link', { name: 'Show all executions' }).click();
  await expect(page).toHaveURL(/\/executions/);
});
