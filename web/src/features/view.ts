import { useNavigate, useSearch } from '@tanstack/react-router';
import { useQuery, useSuspenseQuery, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { metricsQuery } from '@/api/queries';
import { sessionQuery } from '@/api/session';
import type {
  Comparison,
  Filter,
  Granularity,
  Project,
  QueryBody,
  QueryRange,
  QueryResult,
} from '@/api/types';
import { useMinute } from '@/lib/clock';
import { effectiveGranularity } from '@/lib/granularity';
import {
  boundsOf,
  defaultRange,
  rangeFromParams,
  rangeToParams,
  refreshInterval,
  type Extent,
  type Range,
} from '@/lib/range';
import type { PageSearch } from '@/lib/search';
import { browserZone } from '@/lib/zone';
import { useLive } from './live';

/** Everything the URL says, made concrete: what every card of a view asks about. */
export interface View {
  project: Project;
  extent: Extent | null;
  env: string | undefined;
  range: Range;
  bounds: { from: number; to: number };
  granularity: Granularity;
  zone: string;
  compare: Comparison | undefined;
  workflows: string[];
  live: boolean;
  /** Whether the range follows the clock. */
  relative: boolean;
}

/** The extent of a project's data, or null while it has none. */
export function extentOf(project: Project): Extent | null {
  if (!project.firstEvent || !project.newestEvent) return null;
  return { first: Date.parse(project.firstEvent), newest: Date.parse(project.newestEvent) };
}

/** The project a URL means: the named one, else the first with data, else the first. */
export function projectOf(projects: Project[], wanted: string | undefined): Project | undefined {
  return (
    projects.find((project) => project.id === wanted) ??
    projects.find((project) => project.newestEvent) ??
    projects[0]
  );
}

/** The page's search parameters, wherever they are read. */
export function usePageSearch(): PageSearch {
  return useSearch({ strict: false });
}

/** Changes part of the URL; `undefined` removes a parameter. */
export function useSetSearch() {
  const navigate = useNavigate();
  return useCallback(
    (patch: Partial<PageSearch>, options: { replace?: boolean; zoomed?: boolean } = {}) =>
      void navigate({
        to: '.',
        search: (previous: PageSearch) => ({ ...previous, ...patch }),
        replace: options.replace,
        state: options.zoomed ? { zoomed: true } : {},
      }),
    [navigate],
  );
}

/** Changes the range in the URL. */
export function useSetRange() {
  const setSearch = useSetSearch();
  return useCallback(
    (range: Range, options?: { replace?: boolean; zoomed?: boolean }) =>
      setSearch(rangeToParams(range), options),
    [setSearch],
  );
}

/** The view the URL describes. Only inside the frame, where a session and a project exist. */
export function useView(): View {
  const search = usePageSearch();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const now = useMinute();
  return useMemo(() => {
    const project = projectOf(session?.projects ?? [], search.project);
    if (!project) throw new Error('This account sees no project yet.');
    const extent = extentOf(project);
    const range = rangeFromParams(search) ?? defaultRange(extent, now);
    const bounds = boundsOf(range, extent, now);
    return {
      project,
      extent,
      env: search.env,
      range,
      bounds,
      granularity: effectiveGranularity(search.by, bounds.to - bounds.from),
      zone: search.tz ?? browserZone(),
      compare: search.compare,
      workflows: search.workflow ?? [],
      live: search.live !== 'off',
      relative: range.kind === 'last',
    };
  }, [search, session, now]);
}

function queryRange(range: Range): QueryRange {
  if (range.kind === 'all') return { all: true };
  if (range.kind === 'last') return { last: range.last };
  return { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
}

function filtersOf(view: View): Filter[] {
  const filters: Filter[] = [];
  if (view.env) filters.push({ dimension: 'environment', op: 'in', values: [view.env] });
  if (view.workflows.length > 0) {
    filters.push({ dimension: 'workflow', op: 'in', values: [...view.workflows].sort() });
  }
  return filters;
}

/** What one card asks; range, zone, environment and workflow come from the view. */
export type Ask = Omit<QueryBody, 'range' | 'timezone' | 'filters'>;

/** The query of a card. Relative ranges refresh by themselves while the page is live; news refreshes them at once. */
export function useAsk(view: View, ask: Ask, enabled = true): UseQueryResult<QueryResult> {
  const filters = filtersOf(view);
  const body: QueryBody = {
    ...ask,
    ...(filters.length > 0 ? { filters } : {}),
    range: queryRange(view.range),
    timezone: view.zone,
  };
  const { state } = useLive();
  const refresh =
    view.relative && view.live ? refreshInterval(view.range, state === 'open') : false;
  return useQuery({ ...metricsQuery(view.project.id, body, refresh), enabled });
}
