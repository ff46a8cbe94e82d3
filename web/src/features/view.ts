import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { Project } from '@/api/types';
import type { Frame } from '@/lib/answer';
import { useFollowedMinute } from '@/lib/clock';
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
import { usePreferences, zoneOf } from '@/lib/preferences';
import { accounts as words } from '@/words';
import { useSession } from './session';

/** Everything that the URL says, resolved: the parameters of every card of a view. */
export interface View extends Frame {
  project: Project;
  /** The present minute; it stands still while the page is paused. */
  now: number;
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

/** All data of a view's project, as parts of a view. */
export function everything({ extent, now, zone }: View): Pick<View, 'range' | 'bounds'> {
  const range: Range = { kind: 'all' };
  return { range, bounds: boundsOf(range, extent, now, zone) };
}

/** The view that the URL describes. Only for use inside the frame, where a session and a project exist. */
export function useView(): View {
  const search = usePageSearch();
  const session = useSession();
  const liked = usePreferences();
  const live = search.live !== 'off';
  const now = useFollowedMinute(live);
  return useMemo(() => {
    const project = projectOf(session.projects, search.project);
    if (!project) throw new Error(words.noAccess);
    const extent = extentOf(project);
    const usual = rangeFromParams({ range: liked.range ?? undefined });
    const range = rangeFromParams(search) ?? usual ?? defaultRange(extent, now);
    const zone = search.tz ?? zoneOf(liked);
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
      // There is nothing before "all data".
      compare: range.kind === 'all' ? undefined : search.compare,
      workflows: search.workflow ?? [],
      live,
      relative: range.kind === 'last',
    };
  }, [search, session, liked, now, live]);
}
