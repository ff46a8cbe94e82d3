import { expect, test, type Locator, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { uniqueText } from './claims';
import { api, send, type Event } from './executions';
import { given, open, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');

const HOUR = 3_600_000;
const TEXT = uniqueText();
const [FIRST, SECOND] = [`sync-${TEXT}`, `bill-${TEXT}`];
/** A type of step with a slash in it, as some engines have them: it fails for three hours in both workflows. */
const CRM = `@acme/crm-${TEXT}`;
const MAIL = `mail-${TEXT}`;
/** It ran once, and failed. */
const RARE = `rare-${TEXT}`;
const ENVIRONMENT = `stage-${TEXT}`;
const HOURS = 24;
/** The hours of the outage. */
const DOWN = [12, 13, 14];
/** Runs per hour of each workflow. */
const EACH: Record<string, number> = { [FIRST]: 12, [SECOND]: 8 };
/** The first whole hour with data. */
const BEGAN = Math.floor(Date.now() / HOUR) * HOUR - (HOURS + 1) * HOUR;
const VIEW = `range=7d&tz=UTC&workflow=${FIRST}&workflow=${SECOND}`;

/** An execution of two steps; in the outage, its first one fails. */
function ran(workflow: string, hour: number, index: number): Event[] {
  const failed = DOWN.includes(hour);
  const start = BEGAN + hour * HOUR + index * 60_000;
  const of = {
    workflowId: workflow,
    workflowName: `The ${workflow}`,
    executionId: `${workflow}-${hour}-${index}`,
    environment: ENVIRONMENT,
  };
  const error = { errorType: 'Unavailable', errorMessage: `The CRM of ${TEXT} is down` };
  const step = (stepId: string, stepType: string, end: number, status: string): Event => ({
    ...of,
    type: 'step',
    stepId,
    stepName: `Step ${stepId}`,
    stepType,
    status,
    duration: 1000,
    timestamp: new Date(start + end).toISOString(),
    ...(status === 'failed' ? error : {}),
  });
  return [
    step('contact', CRM, 1000, failed ? 'failed' : 'completed'),
    ...(failed ? [] : [step('letter', MAIL, 2000, 'completed')]),
    {
      ...of,
      type: 'execution',
      status: failed ? 'failed' : 'completed',
      duration: 2000,
      timestamp: new Date(start + 2000).toISOString(),
      ...(failed ? { ...error, errorStep: 'contact' } : {}),
    },
  ];
}

test.beforeAll(async () => {
  const events = Object.entries(EACH).flatMap(([workflow, each]) =>
    Array.from({ length: HOURS }, (_, hour) =>
      Array.from({ length: each }, (__, index) => ran(workflow, hour, index)),
    ).flat(2),
  );
  const rare = {
    type: 'step',
    workflowId: FIRST,
    executionId: `${FIRST}-0-0`,
    environment: ENVIRONMENT,
    stepId: 'once',
    stepType: RARE,
    status: 'failed',
    errorType: 'Once',
    duration: 10,
    timestamp: new Date(BEGAN + 5000).toISOString(),
  };
  await send([...events, rare]);
});

const track = (page: Page, connector: string): Locator =>
  page.getByTestId('heatmap').locator(`[role=slider][data-connector="${connector}"]`);
const row = (page: Page, table: string, text: string): Locator =>
  page.getByTestId(table).locator('tbody tr').filter({ hasText: text });
/** The exact values that the cells of a row have on hover. */
const exactly = (of: Locator): Promise<(string | null)[]> =>
  of.locator('td[title]').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title')));

interface Nodes {
  nodes: { node_type: string; executions: number; failed: number; retries: number }[];
}

test('figures are those of the API', async ({ page }) => {
  const complaints = recordComplaints(page);
  await open(page, `/?range=7d&tz=UTC&workflow=${FIRST}`);
  const rail = page.getByRole('navigation', { name: 'Main' });
  await rail.getByRole('link', { name: 'Connectors' }).click();
  await expect(page).toHaveURL(/\/connectors\?.*range=7d/);
  await settled(page);
  const { nodes } = await api<Nodes>(
    page,
    `/analytics/nodes?last=7d&timezone=UTC&workflowId=${FIRST}&limit=100`,
  );
  expect(nodes.map(({ node_type }) => node_type).sort()).toEqual([CRM, MAIL, RARE].sort());
  for (const { node_type, executions, failed, retries } of nodes) {
    const shown = await exactly(row(page, 'connectors', node_type));
    expect(shown.slice(0, 2), node_type).toEqual([String(executions), String(failed)]);
    expect(shown).toContain(String(retries));
  }
  const crm = nodes.find(({ node_type }) => node_type === CRM);
  expect(crm).toMatchObject({ executions: 12 * HOURS, failed: 12 * DOWN.length });
  await expect(page.getByTestId('sentence')).toContainText('3 connectors ran');
  expect(complaints).toEqual([]);
});

test('three hours of outage are one block, and one run is never red', async ({ page }) => {
  await open(page, `/connectors?${VIEW}`);
  await settled(page);
  const blocks = track(page, CRM).locator('rect');
  await expect(blocks).toHaveCount(1);
  await expect(blocks).toHaveAttribute('data-level', '4');
  // A week is 1,000 wide: three of its hours.
  expect(Number(await blocks.getAttribute('width'))).toBeCloseTo((1000 * 3) / (7 * 24), 1);
  await expect(track(page, MAIL).locator('rect')).toHaveCount(0);
  await expect(track(page, RARE)).toBeVisible();
  await expect(track(page, RARE).locator('rect')).toHaveCount(0);
  await expect(track(page, RARE).locator('path[data-level=few]')).toHaveAttribute('d', /^M/);
});

test('the keyboard reads the heatmap, opens an outage, and Back returns', async ({ page }) => {
  await open(page, `/connectors?${VIEW}`);
  await settled(page);
  const crm = track(page, CRM);
  // The connector with the most failures is the first; from there, back from the newest hour.
  await crm.focus();
  const text = async (): Promise<string> => (await crm.getAttribute('aria-valuetext')) ?? '';
  await page.keyboard.press('End');
  for (let hours = 0; hours < 2 * HOURS; hours += 1) {
    if ((await text()).includes('20 of 20 runs failed')) break;
    await page.keyboard.press('ArrowLeft');
  }
  expect(await text()).toContain('20 of 20 runs failed');
  await expect(page.getByRole('tooltip')).toContainText('20 of 20 runs failed');
  await page.keyboard.press('ArrowDown');
  await expect(crm).not.toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(crm).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/connectors\/.*from=.*&to=.*mark=/);
  await expect(page.getByTestId('connector-name')).toHaveText(CRM);
  await expect(page.getByTestId('mark')).toContainText(CRM);
  await page.goBack();
  await expect(page).toHaveURL(/\/connectors\?.*range=7d/);
  await expect(track(page, CRM).locator('rect')).toHaveCount(1);
});

test('slowness and the table are in the URL, and Back undoes them', async ({ page }) => {
  await open(page, `/connectors?${VIEW}`);
  await settled(page);
  await page.getByTestId('heat-measure').click();
  await page.getByRole('option', { name: 'Slowness' }).click();
  await expect(page).toHaveURL(/measure=slowness/);
  await settled(page);
  // Every run took as long as every other.
  await expect(track(page, CRM).locator('rect')).toHaveCount(0);
  await page.goBack();
  await expect(track(page, CRM).locator('rect')).toHaveCount(1);
  await page.goto(`/connectors?${VIEW}&table=heat`);
  await settled(page);
  const worst = page.getByTestId('heatmap').locator('tbody tr');
  await expect(worst).toHaveCount(1);
  await expect(worst).toContainText(CRM);
  await expect(worst).toContainText('60');
});

test('a connector says who depends on it, what failed, and leads to the executions', async ({
  page,
}) => {
  await open(page, `/connectors?${VIEW}`);
  await settled(page);
  const listed = row(page, 'connectors', CRM);
  await listed.getByRole('link', { name: /executions in which .* failed/ }).click();
  await expect(page).toHaveURL(/failedStepType=/);
  await expect(page.locator('#content')).toContainText('60 executions match');
  await page.goBack();
  await listed.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/connectors\/%40acme%2Fcrm-|\/connectors\/@acme%2Fcrm-/);
  await page.reload();
  await settled(page);
  await expect(page.getByTestId('connector-name')).toHaveText(CRM);
  await expect(page.getByTestId('sentence')).toContainText('480 step runs');
  const dependents = page.getByTestId('dependents').locator('tbody tr');
  await expect(dependents).toHaveCount(2);
  await expect(dependents.first()).toContainText(FIRST);
  expect((await exactly(dependents.first()))[0]).toBe('288');
  await expect(dependents.last()).toContainText(SECOND);
  // Where there is data from before, the outage stands above its error.
  const failure = page.getByTestId('connector-errors').locator('tbody tr').last();
  await expect(failure).toContainText('is down');
  await failure.getByRole('link', { name: /show the executions/ }).click();
  await expect(page.locator('#content')).toContainText('60 executions match');
  await page.goBack();
  const steps = row(page, 'connector-steps', SECOND);
  await steps.getByRole('link', { name: /executions that ran/ }).click();
  await expect(page).toHaveURL(/step=contact/);
  await expect(page.locator('#content')).toContainText('192 executions match');
  await page.goBack();
  await steps.getByRole('link', { name: /executions that failed at/ }).click();
  await expect(page).toHaveURL(/errorStep=contact/);
  await expect(page.locator('#content')).toContainText('24 executions match');
});

test('the overview leads to a connector that fails', async ({ page }) => {
  await open(page, `/?${VIEW}&figure=failed`);
  await settled(page);
  await page.getByTestId('breakdown').getByRole('link', { name: CRM }).click();
  await expect(page.getByTestId('connector-name')).toHaveText(CRM);
  await page.goBack();
  await expect(page.getByTestId('breakdown')).toBeVisible();
});

interface Environments {
  environments: {
    environment: string | null;
    status: string;
    total_executions: number;
    failure_count: number;
  }[];
}

test('environments are health cards with the figures of the API', async ({ page }) => {
  await open(page, `/connectors?range=7d&tz=UTC&workflow=${FIRST}`);
  await settled(page);
  const { environments } = await api<Environments>(
    page,
    `/api/v1/observability/environments?last=7d&timezone=UTC&workflowId=${FIRST}`,
  );
  const own = environments.find(({ environment }) => environment === ENVIRONMENT);
  expect(own).toMatchObject({ total_executions: 288, failure_count: 36 });
  const card = page.getByTestId('environments').locator(`[data-environment="${ENVIRONMENT}"]`);
  await expect(card).toHaveAttribute('data-status', own?.status ?? '');
  await expect(card.getByRole('link', { name: /^Executions \(288\)/ })).toBeVisible();
  await card.getByRole('link', { name: /^Failed \(36\)/ }).click();
  await expect(page).toHaveURL(new RegExp(`env=${ENVIRONMENT}.*status=failed`));
  await expect(page.locator('#content')).toContainText('36 executions match');
});

test('dragging over the heatmap zooms into its hours, and Back undoes it', async ({ page }) => {
  await open(page, `/connectors?${VIEW}`);
  await settled(page);
  const box = await track(page, CRM).boundingBox();
  if (!box) throw new Error('The heatmap has no row for it.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.5, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 4 });
  await expect(page.getByTestId('heat-chosen')).toBeVisible();
  await page.mouse.move(box.x + box.width * 0.75, y, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/\/connectors\?.*from=.*to=/);
  const chosen = new URL(page.url()).searchParams;
  const hours = (Date.parse(chosen.get('to') ?? '') - Date.parse(chosen.get('from') ?? '')) / HOUR;
  // A quarter of seven days, in whole hours.
  expect(hours).toBeGreaterThanOrEqual(41);
  expect(hours).toBeLessThanOrEqual(45);
  expect(Number.isInteger(hours)).toBe(true);
  await page.goBack();
  await expect(page).toHaveURL(/range=7d/);
});

test('the heatmap zooms by keyboard', async ({ page }) => {
  await open(page, `/connectors?${VIEW}`);
  await settled(page);
  await track(page, CRM).focus();
  await page.keyboard.press('End');
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('Shift+ArrowLeft');
  await expect(page.getByTestId('heat-chosen')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/connectors\?.*from=.*to=/);
  await settled(page);
  await page.goBack();
  await expect(page).toHaveURL(/range=7d/);
});

test('the heatmap is exported as figures and as a picture', async ({ page }) => {
  await open(page, `/connectors?${VIEW}`);
  await settled(page);
  const save = async (format: string): Promise<Buffer> => {
    await page
      .getByTestId('heatmap')
      .getByRole('button', { name: /^Export/ })
      .click();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: format }).click();
    const file = await (await saved).path();
    await expect(page.getByRole('button', { name: format })).toHaveCount(0);
    return readFile(file);
  };
  const lines = (await save('CSV')).toString().trim().split('\r\n');
  const column = lines[0]?.split(',').findIndex((name) => name.includes(CRM)) ?? -1;
  const failed = lines.slice(1).filter((line) => line.split(',')[column] === '100');
  expect(failed.map((line) => line.split(',')[0])).toEqual(
    DOWN.map((hour) => new Date(BEGAN + hour * HOUR).toISOString().replace('.000Z', 'Z')),
  );
  const { series } = JSON.parse((await save('JSON')).toString()) as { series: { id: string }[] };
  expect(series.map(({ id }) => id).sort()).toEqual([CRM, MAIL, RARE].sort());
  const png = await save('Picture (PNG)');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.byteLength).toBeGreaterThan(5000);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('a tap chooses a time, a button opens it, and nothing scrolls sideways', async ({
    page,
  }) => {
    await open(page, `/?${VIEW}`);
    const bar = page.getByRole('navigation', { name: 'Main' });
    await bar.getByText('More').click();
    await page.getByRole('dialog').getByRole('link', { name: 'Connectors' }).click();
    await expect(page).toHaveURL(/\/connectors\?/);
    await settled(page);
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBeLessThanOrEqual(390);
    expect((await page.getByRole('banner').boundingBox())?.height).toBeLessThan(60);
    const p95 = page.getByTestId('connectors').getByRole('columnheader', { name: 'p95' });
    const edge = await p95.evaluate((cell) => {
      const text = document.createRange();
      text.selectNodeContents(cell);
      return text.getBoundingClientRect().right;
    });
    expect(edge).toBeLessThanOrEqual(378);
    await track(page, CRM).locator('rect').tap();
    await page.getByRole('button', { name: /^Open / }).click();
    await expect(page.getByTestId('connector-name')).toHaveText(CRM);
    await settled(page);
    expect(await width()).toBeLessThanOrEqual(390);
  });
});
