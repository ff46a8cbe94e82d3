import type { QueryClient } from '@tanstack/react-query';
import type { Session } from '@/api/identity';
import { savedViewsQuery } from '@/api/savedViews';
import { preferences } from '@/lib/preferences';
import { addressOf } from '@/lib/savedPage';
import { remember, remembered } from '@/lib/stored';
import { MAIN, MORE } from '../frame/places';
import { projectOf } from '../view';
import { holdFor, refreshPreferences } from './prefer';

const VIEW = 'view:';
/** The project of the saved view that opens first, so that it is asked for at once. */
const PROJECT_KEY = 'weir.start.project';
/** In how many projects a saved view is looked for. */
const MOST_PROJECTS = 5;
/** How long a page waits for what its person prefers. */
const PATIENCE_MS = 3_000;

/** The pages that can open first: their names, as preferences have them, and their addresses. */
export const START_PAGES = [...MAIN, ...MORE].map(({ to, label }) => ({
  name: to === '/' ? 'overview' : to.slice(1),
  to,
  label,
}));

/** The start page that a saved view is. */
export const startOf = (viewId: string): string => VIEW + viewId;

/** Remembers in which project the saved view is that opens first. */
export const rememberStart = (project: string): void => remember(PROJECT_KEY, project);

/** Who entered last; a person enters an organisation once, however many pages they then open. */
let entered: string | null = null;

/** The next page is the first of whoever logs in. */
export const leaveApplication = (): void => {
  entered = null;
};

const within = <T>(work: Promise<T>, fallback: T): Promise<T> =>
  Promise.race([
    work.catch(() => fallback),
    new Promise<T>((resolve) => setTimeout(() => resolve(fallback), PATIENCE_MS)),
  ]);

/** Asks for what the start page depends on, while the session is still on its way. */
export function prepare(client: QueryClient, address: string): void {
  const project = remembered(PROJECT_KEY);
  if (entered !== null || address !== '/' || !project) return;
  if (preferences().startPage?.startsWith(VIEW))
    void client.prefetchQuery(savedViewsQuery(project));
}

/**
 * Readies the preferences of a person who enters. Returns the address of their start page, if they asked for no page
 * and prefer another than the overview. Only in a browser that does not know them yet do they wait for the server.
 */
export async function enter(
  client: QueryClient,
  session: Session,
  address: string,
): Promise<string | null> {
  const who = `${session.user.id} ${session.tenant.id}`;
  if (entered === who) return null;
  entered = who;
  const known = holdFor(session.user.id);
  const read = refreshPreferences();
  if (known) read.catch(() => undefined);
  else await within(read, undefined);
  return address === '/' ? within(startAddress(client, session), null) : null;
}

async function startAddress(client: QueryClient, session: Session): Promise<string | null> {
  const { startPage } = preferences();
  if (!startPage?.startsWith(VIEW)) {
    const page = START_PAGES.find(({ name }) => name === startPage);
    return page && page.to !== '/' ? page.to : null;
  }
  const usual = projectOf(session.projects, remembered(PROJECT_KEY) ?? undefined);
  const projects = [...new Set([usual, ...session.projects])].slice(0, MOST_PROJECTS);
  for (const project of projects) {
    if (!project) continue;
    const views = await client.ensureQueryData(savedViewsQuery(project.id));
    const view = views.find(({ id }) => startOf(id) === startPage);
    if (!view) continue;
    rememberStart(project.id);
    return addressOf(view.page, project.id);
  }
  return null;
}
