import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { Comparison, Granularity, Project } from '@/api/types';
import { useMinute } from '@/lib/clock';
import { effectiveGranularity } from '@/lib/granularity';
import {
  boundsOf,
  defaultRange,
  rangeFromParams,
  rangeToParams,
  type Extent,
  type Range,
} from '@/lib/range';
import type { PageSearch } from '@/lib/search';
import { browserZone } from '@/lib/zone';
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
function extentOf(project: Project): Extent | null {
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
