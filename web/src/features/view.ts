import { useNavigate, useSearch } from '@tanstack/react-router';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { metricsQuery } from '@/api/queries';
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
import { useSession } from './session';

/** Everything that the URL says, resolved: the parameters of every card of a view. */
export interface View {
  project: Project;
  extent: Extent | null;
  env: string | undefined;
  range: Range;
  bounds: { from: number; to: number };
  /** The present minute. */
  now: number;
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

/** The project that a URL means: the named one, otherwise the first with data, otherwise the first. */
export function projectOf(projects: Project[], wanted: string | undefined): Project | undefined {
  return (
    projects.find((project) => project.id === wanted) ??
    projects.find((project) => project.newestEvent) ??
    projects[0]
  );
}

/** The search parameters of the page. */
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

/** The view that the URL describes. Only for use inside the frame, where a session and a project exist. */
export function useView(): View {
  const search = usePageSearch();
  const session = useSession();
  const now = useMinute();
  return useMemo(() => {
    const project = projectOf(session.projects, search.project);
    if (!project) throw new Error('This account has no access to a project yet.');
    const extent = extentOf(project);
    const range = rangeFromParams(search) ?? defaultRange(extent, now);
    const zone = search.tz ?? browserZone();
    const bounds = boundsOf(range, extent, now, zone);
    return {
      project,
      extent,
      env: search.env,
      range,
      bounds,
      now,
      granularity: effectiveGranularity(search.by, bounds.to - bounds.from),
      zone,
      compare: search.compare,
      workflows: search.workflow ?? [],
      live: search.live !== 'off',
      relative: range.kind === 'last',
    };
  }, [search, session, now]);
}

/** A range as queries state it. */
export function queryRange(range: Range): QueryRange {
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

/** The query of a card. Range, time zone, environment and workflows come from the view; its own filters add to them. */
export type Ask = Omit<QueryBody, 'range' | 'timezone'>;

/** When a card is refreshed after an update: figures soon, the tables that explain them later. */
export type Refresh = 'soon' | 'later';

/** Runs the query of a card. While the page is live, a relative range is refreshed at intervals and on updates. */
export function useAsk(
  view: View,
  ask: Ask,
  enabled = true,
  when: Refresh = 'soon',
): UseQueryResult<QueryResult> {
  const filters = [...filtersOf(view), ...(ask.filters ?? [])];
  const body: QueryBody = {
    ...ask,
    ...(filters.length > 0 ? { filters } : {}),
    range: queryRange(view.range),
    timezone: view.zone,
  };
  const refresh = useRefreshInterval(view, when);
  return useQuery({ ...metricsQuery(view.project.id, body, refresh, when), enabled });
}

/** After how many milliseconds a card is refreshed without an update; false if what it shows does not change. */
export function useRefreshInterval(view: View, when: Refresh): number | false {
  const { state } = useLive();
  if (!view.relative || !view.live) return false;
  const interval = refreshInterval(view.range, state === 'open');
  return when === 'later' ? Math.max(interval, 30_000) : interval;
}
