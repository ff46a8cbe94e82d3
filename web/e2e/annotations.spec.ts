import { expect, test, type Page } from '@playwright/test';
import { uniqueText } from './claims';
import { api, send } from './executions';
import { given, open, recordComplaints, settled } from './page';

test.skip(!given.url, 'WEIR_E2E_URL is not set: no server to test the page against');
// Each test continues where the previous one ended.
test.describe.configure({ mode: 'serial' });

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TEXT = uniqueText();
const WORKFLOW = `parcels-${TEXT}`;
const RELEASE = `Parcels 2 ${TEXT}`;
const INCIDENT = `Depot closed ${TEXT}`;
const NOTE = `Strike ${TEXT}`;

interface Stored {
  id: string;
  kind: string;
  title: string;
  workflowId: string | null;
  version: string | null;
  startsAt: string;
  endsAt: string | null;
  revision: number;
}

/** An instant, to the minute. */
const minute = (instant: number): string =>
  new Date(Math.floor(instant / 60_000) * 60_000).toISOString();
const released = minute(Date.now() - 3 * DAY);

/** A day's execution of each version: the second ran first three days ago. */
test.beforeAll(async () => {
  await send(
    Array.from({ length: 8 }, (_, day) => ({
      type: 'execution',
      workflowId: WORKFLOW,
      workflowName: `The parcels ${TEXT}`,
      workflowVersion: day < 3 ? '2' : '1',
      executionId: `${WORKFLOW}-${day}`,
      status: 'completed',
      duration: 1000,
      timestamp: new Date(Date.now() - day * DAY - HOUR).toISOString(),
    })),
  );
});

const VIEW = `range=7d&tz=UTC&by=day`;
const row = (page: Page, text: string) =>
  page.getByTestId('annotations').locator('tbody tr').filter({ hasText: text });
const dialog = (page: Page) => page.getByRole('dialog');
const field = (page: Page, name: string) => dialog(page).getByLabel(name);
const save = (page: Page) => dialog(page).getByRole('button', { name: 'Save' }).click();

/** A button of a row; a name in a text stands between marks that keep its direction. */
const action = (page: Page, does: string, title: string) =>
  page.getByRole('button', { name: new RegExp(`^${does} .?${title}`) });

async function stored(page: Page): Promise<Stored[]> {
  const { annotations } = await api<{ annotations: Stored[] }>(page, '/api/v1/annotations');
  return annotations.filter(({ title }) => title.includes(TEXT));
}

const marks = (page: Page) => page.getByTestId('executions-chart').locator('[data-mark=release]');

test('a pipeline adds a release with an ingest key, and the chart marks it once', async ({
  page,
  request,
}) => {
  await open(page, `/workflows/${WORKFLOW}?${VIEW}`);
  await settled(page);
  await expect(marks(page)).toHaveCount(1);
  await expect(marks(page)).toContainText('Version 2');
  const response = await request.post('/api/v1/annotations', {
    headers: { authorization: `Bearer ${given.apiKey}` },
    data: {
      kind: 'release',
      title: RELEASE,
      workflowId: WORKFLOW,
      version: '2',
      startsAt: released,
    },
  });
  expect(response.status(), await response.text()).toBe(201);
  await page.reload();
  await expect(marks(page)).toContainText(RELEASE.slice(0, 20));
  await expect(marks(page)).toHaveCount(1);
});

test('an incident and a note are added through the page, and are those of the API', async ({
  page,
}) => {
  const complaints = recordComplaints(page);
  await open(page, `/?${VIEW}`);
  await settled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page).toHaveURL(/\/annotations\?range=7d/);
  await expect(row(page, RELEASE)).toContainText('an API key');
  await page.getByRole('button', { name: 'Add annotation' }).click();
  await expect(page).toHaveURL(/annotate=/);
  await field(page, 'Kind').selectOption('incident');
  await field(page, 'Title').fill(INCIDENT);
  const start = minute(Date.now() - 30 * HOUR);
  await field(page, 'Start').fill(start.slice(0, 16));
  await field(page, 'End').fill(minute(Date.now() - 40 * HOUR).slice(0, 16));
  await field(page, 'Workflow').selectOption(WORKFLOW);
  await save(page);
  await expect(dialog(page).getByRole('alert')).toContainText('after the start');
  await field(page, 'End').fill('');
  await save(page);
  await expect(row(page, INCIDENT)).toContainText('since');
  await expect(page).not.toHaveURL(/annotate=/);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('add annot');
  await page.keyboard.press('Enter');
  await field(page, 'Kind').selectOption('note');
  await field(page, 'Title').fill(NOTE);
  await save(page);
  await expect(row(page, NOTE)).toContainText('All workflows');
  const [note, incident] = await stored(page);
  expect(note).toMatchObject({ kind: 'note', title: NOTE, workflowId: null, endsAt: null });
  expect(incident).toMatchObject({ kind: 'incident', title: INCIDENT, workflowId: WORKFLOW });
  expect(Date.parse(incident?.startsAt ?? '')).toBe(Date.parse(start));
  expect(complaints).toEqual([]);
});

test('the list is filtered by kind, and Back returns to all', async ({ page }) => {
  await open(page, `/annotations?${VIEW}`);
  await page.getByRole('group', { name: 'Kind' }).getByRole('link', { name: 'Incidents' }).click();
  await expect(page).toHaveURL(/about=incident/);
  await expect(row(page, INCIDENT)).toHaveCount(1);
  await expect(row(page, NOTE)).toHaveCount(0);
  await page.goBack();
  await expect(row(page, NOTE)).toHaveCount(1);
});

test('charts mark them; a label and a key open them', async ({ page }) => {
  await open(page, `/workflows/${WORKFLOW}?${VIEW}`);
  await settled(page);
  const chart = page.getByTestId('executions-chart');
  await expect(chart.locator('[data-mark=incident] rect')).toHaveCount(1);
  await expect(chart.locator('[data-mark=note]')).toHaveCount(1);
  await chart.getByRole('button', { name: /^Open Depot closed/ }).click();
  await expect(page).toHaveURL(/annotation=/);
  await expect(dialog(page).getByTestId('annotation')).toContainText(INCIDENT);
  await page.goBack();
  await expect(dialog(page)).toHaveCount(0);

  const slider = chart.getByRole('slider');
  await slider.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('m');
  await expect(slider).toHaveAttribute('aria-valuetext', new RegExp(RELEASE));
  await page.keyboard.press('i');
  await expect(dialog(page).getByTestId('annotation').first()).toContainText(RELEASE);
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/annotation=/);
  await expect(slider).toBeFocused();
});

test('a chart offers to add one, about its workflow', async ({ page }) => {
  await open(
    page,
    `/workflows/${WORKFLOW}?from=2026-01-05T00:00:00Z&to=2099-01-01T00:00:00Z&tz=UTC`,
  );
  await settled(page);
  await page
    .getByTestId('executions-chart')
    .getByRole('button', { name: /^Export/ })
    .click();
  await page.getByRole('button', { name: 'Add annotation' }).click();
  await expect(field(page, 'Workflow')).toHaveValue(WORKFLOW);
  // The range ends in the future, where nothing has happened yet.
  const start = `${await field(page, 'Start').inputValue()}Z`;
  expect(Math.abs(Date.parse(start) - Date.now())).toBeLessThan(3 * 60_000);
});

test('a row leads to the charts around it, which mark it', async ({ page }) => {
  await open(page, `/annotations?${VIEW}`);
  await row(page, RELEASE).getByRole('link', { name: RELEASE }).click();
  await expect(page).toHaveURL(new RegExp(`/workflows/${WORKFLOW}\\?.*mark=`));
  await expect(page.getByTestId('mark')).toContainText(RELEASE);
  await settled(page);
  await expect(page.getByTestId('executions-chart').locator('[data-mark=change]')).toHaveCount(1);
  await expect(page.getByTestId('executions-chart').locator('[data-mark=release]')).toHaveCount(0);
});

test('one that was changed meanwhile is not overwritten', async ({ page }) => {
  await open(page, `/annotations?${VIEW}`);
  const before = (await stored(page)).find(({ title }) => title === INCIDENT);
  await action(page, 'Change', INCIDENT).click();
  await field(page, 'Description').fill('The gate is locked.');
  const other = await page.request.put(`/api/v1/annotations/${before?.id}`, {
    headers: { origin: new URL(page.url()).origin },
    data: { kind: 'incident', title: INCIDENT, workflowId: WORKFLOW, startsAt: before?.startsAt },
  });
  expect(other.ok(), await other.text()).toBe(true);
  await save(page);
  await expect(dialog(page).getByText('Someone changed this annotation')).toBeVisible();
  await save(page);
  await expect(dialog(page).getByText('Someone changed this annotation')).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  await action(page, 'Change', INCIDENT).click();
  await field(page, 'Description').fill('The gate is locked.');
  await save(page);
  await expect(row(page, INCIDENT)).toContainText('The gate is locked.');
  const after = (await stored(page)).find(({ title }) => title === INCIDENT);
  expect(after).toMatchObject({ revision: 3, startsAt: before?.startsAt });
});

test('one is deleted after a question', async ({ page }) => {
  await open(page, `/annotations?${VIEW}`);
  for (const title of [NOTE, INCIDENT, RELEASE]) {
    await action(page, 'Delete', title).click();
    await dialog(page).getByRole('button', { name: 'Delete' }).click();
    await expect(row(page, title)).toHaveCount(0);
  }
  expect(await stored(page)).toEqual([]);
});

test('an empty range has the command for a pipeline', async ({ page }) => {
  await open(page, '/annotations?from=2001-01-01T00:00:00Z&to=2001-01-02T00:00:00Z');
  await expect(page.getByTestId('release-command')).toContainText('/api/v1/annotations');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the list and the form fit', async ({ page }) => {
    await open(page, `/annotations?${VIEW}`);
    await page.getByRole('button', { name: 'Add annotation' }).click();
    await expect(field(page, 'Title')).toBeVisible();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
  });
});
