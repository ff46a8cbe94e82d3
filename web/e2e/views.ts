import { setTimeout } from 'node:timers/promises';
import type { APIRequestContext, Page } from '@playwright/test';
import { given, open, settled } from './page';

/** A view of the application, and how to get there. Every view is listed here once, for axe and for the screenshots. */
export interface View {
  /** The name of its pictures. */
  name: string;
  path: string;
  /** Whether it is for those who are not logged in. */
  outside?: boolean;
}

/** The tabs of a workflow, as their addresses name them; the first is the workflow itself. */
export const WORKFLOW_TABS = [
  '',
  'steps',
  'map',
  'grid',
  'versions',
  'funnel',
  'errors',
  'service-level',
  'cost',
];

/** The tabs of activity; the first is the page itself. */
export const ACTIVITY_TABS = ['', 'engagement', 'retention', 'segments'];

const SETTINGS = [
  '',
  'profile',
  'people',
  'projects',
  'keys',
  'prices',
  'redaction',
  'privacy',
  'identity-provider',
  'audit',
  'server',
];

/** What the views that show one thing show. */
interface Subjects {
  workflow: string;
  executions: [string, string];
  errorGroup: string;
  /** A type of step. */
  connector: string;
  /** A user, where there are any. */
  user: string | undefined;
}

/** Yesterday in UTC, as the URL has a day. */
const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

/** Every view. The range holds what the tests send and what the demo plants. */
function viewsOf(
  { workflow, executions, errorGroup, connector, user }: Subjects,
  range = 'range=30d',
): View[] {
  const [one, other] = executions;
  const ofWorkflow = WORKFLOW_TABS.map((tab) => ({
    name: `workflow-${tab || 'overview'}`,
    path: `/workflows/${workflow}${tab && `/${tab}`}?${range}`,
  }));
  const settings = SETTINGS.map((section) => ({
    name: `settings-${section || 'list'}`,
    path: `/settings${section && `/${section}`}`,
  }));
  return [
    { name: 'login', path: '/login', outside: true },
    { name: 'forgotten', path: '/forgotten', outside: true },
    { name: 'overview', path: `/?${range}` },
    { name: 'overview-compared', path: `/?${range}&compare=previous_period&figure=duration_p95` },
    { name: 'overview-overlaid', path: `/?${range}&overlay=cost` },
    { name: 'overview-tables', path: `/?${range}&table=executions&table=duration` },
    { name: 'workflows', path: `/workflows?${range}` },
    ...ofWorkflow,
    { name: 'workflow-unknown', path: `/workflows/there-is-none?${range}` },
    { name: 'executions', path: `/executions?${range}` },
    { name: 'execution', path: `/executions/${one}?${range}` },
    { name: 'compare', path: `/executions/compare?a=${one}&b=${other}&${range}` },
    { name: 'errors', path: `/errors?${range}` },
    { name: 'error-group', path: `/errors/${errorGroup}?${range}` },
    { name: 'error-rules', path: '/errors/rules' },
    { name: 'connectors', path: `/connectors?${range}` },
    { name: 'connectors-slowness', path: `/connectors?${range}&measure=slowness&rows=all` },
    { name: 'connectors-table', path: `/connectors?${range}&table=heat` },
    { name: 'connector', path: `/connectors/${connector}?${range}` },
    { name: 'costs', path: `/costs?${range}` },
    { name: 'costs-day', path: `/costs?${range}&split=workflow&day=${yesterday()}` },
    { name: 'costs-table', path: `/costs?${range}&table=cost` },
    ...ACTIVITY_TABS.map((tab) => ({
      name: `activity-${tab || 'users'}`,
      path: `/activity${tab && `/${tab}`}?${range}`,
    })),
    ...(user ? [{ name: 'activity-user', path: `/activity/users/${user}?${range}` }] : []),
    { name: 'reliability', path: '/reliability' },
    { name: 'reliability-today', path: '/reliability?window=1d&table=failure-rate' },
    { name: 'explore', path: `/explore?${range}` },
    {
      name: 'explore-time',
      path: `/explore?${range}&metric=cost&metric=executions&group=workflow`,
    },
    {
      name: 'explore-range',
      path: `/explore?${range}&metric=executions&metric=duration_p95&group=workflow&over=range&where=status:completed&compare=previous_period`,
    },
    { name: 'explore-refused', path: `/explore?${range}&metric=cost&group=error_type` },
    { name: 'annotations', path: `/annotations?${range}` },
    { name: 'annotate', path: `/annotations?${range}&annotate=${yesterday()}T12:00:00Z` },
    { name: 'annotations-none', path: `/annotations?${range}&env=there-is-none` },
    ...settings,
    { name: 'page-missing', path: '/there-is-no-such-page' },
  ];
}

async function read<T>(request: APIRequestContext, path: string): Promise<T> {
  const response = await request.get(`${given.url}/api/v1/${path}`);
  if (response.status() === 429) {
    // The pages before this one have used up what one person may ask within a minute.
    await setTimeout(1000 * Number(response.headers()['retry-after']));
    return read(request, path);
  }
  if (!response.ok()) throw new Error(`${path}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Every view of the server under test. The page must be logged in. */
export async function everyView(page: Page, workflow: string): Promise<View[]> {
  const { projects } = await read<{ projects: { id: string }[] }>(page.request, 'session');
  const of = `projectId=${projects[0]?.id ?? ''}&last=30d`;
  const list = await read<{ executions: { id: string }[] }>(
    page.request,
    `executions?${of}&workflowId=${workflow}&limit=2`,
  );
  const groups = await read<{ errors: { errorGroup?: string | null }[] }>(
    page.request,
    `errors/groups?${of}&limit=5`,
  );
  const engaged = await read<{ users: { userId: string }[] }>(
    page.request,
    `analytics/activity/engagement?${of}&limit=1`,
  );
  const user = engaged.users[0] && encodeURIComponent(engaged.users[0].userId);
  const { steps } = await read<{ steps: { stepType: string | null }[] }>(
    page.request,
    `analytics/workflows/${workflow}/steps?${of}`,
  );
  const connector = encodeURIComponent(steps.find((step) => step.stepType)?.stepType ?? 'none');
  const [one, other] = list.executions;
  const errorGroup = groups.errors.find((group) => group.errorGroup)?.errorGroup;
  if (!one || !other || !errorGroup) throw new Error('The server has nothing to show.');
  return viewsOf({ workflow, executions: [one.id, other.id], errorGroup, connector, user });
}

/** Opens a view and waits until it has loaded. */
export async function show(page: Page, view: View): Promise<void> {
  if (view.outside) await page.context().clearCookies();
  if (view.outside) await page.goto(view.path);
  else await open(page, view.path);
  await page.waitForLoadState('load');
  await settled(page);
  // What one answer shows may ask for the next.
  await page.waitForLoadState('networkidle');
  await settled(page);
}
