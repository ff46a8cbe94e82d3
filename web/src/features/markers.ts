import { useMemo } from 'react';
import type { QueryResult } from '@/api/types';
import type { Versions } from '@/api/workflow';
import type { Marker } from '@/components/chart/model';
import { chart as words } from '@/words';
import { useAnnotations, useConcerning } from './annotations/read';
import { timelineOf, withMoment, type Release } from './annotations/timeline';
import { markFrom } from './mark';
import { numberOf, textOf } from './rows';
import { useCardQuery, type CardQuery } from './useCardQuery';
import { usePageSearch, useView, type View } from './view';
import { useRead } from './read';

/** Executions by version and bucket: a version was released in the bucket in which it ran first. */
export function versionStartsQuery(view: View): CardQuery {
  return { ...versionsBefore, granularity: view.granularity };
}

const versionsBefore: CardQuery = {
  metrics: ['executions'],
  dimensions: ['version'],
  orderBy: [{ metric: 'executions', direction: 'desc' }],
  limit: 50,
};

const versionsOf = (result: QueryResult | undefined): Set<string> =>
  new Set((result?.rows ?? []).flatMap((row) => textOf(row, 'version') ?? []));

/**
 * The releases in a range: each version that did not run before it, at the bucket in which it ran first. What ran in
 * the first bucket with data is no release: nothing is known about the time before.
 */
export function releasesOf(starts: QueryResult, before: QueryResult | undefined): Release[] {
  const known = versionsOf(before);
  const first = new Map<string, number>();
  for (const row of starts.rows) {
    const version = textOf(row, 'version');
    if (version === null || (numberOf(row, 'executions') ?? 0) === 0) continue;
    const at = Date.parse(String(row.time));
    first.set(version, Math.min(first.get(version) ?? Infinity, at));
  }
  const beginning = known.size > 0 ? -Infinity : Math.min(...first.values());
  return [...first]
    .filter(([version, at]) => !known.has(version) && at > beginning)
    .map(([version, at]) => ({ version, at }))
    .sort((a, b) => a.at - b.at);
}

/** Releases at the first event of their version; those of which that is not known stay at their bucket. */
export function exactly(releases: Release[], versions: Versions['versions']): Release[] {
  const first = new Map(versions.map((of) => [of.version, of.first]));
  return releases.map(({ version, at }) => {
    const moment = first.get(version);
    return { version, at: moment ? Date.parse(moment) : at };
  });
}

/** The time of a project before a view's range. */
function timeBefore(view: View): View {
  const from = view.extent?.first ?? view.bounds.from;
  const bounds = { from: Math.min(from, view.bounds.from - 1), to: view.bounds.from };
  return { ...view, bounds, range: { kind: 'absolute', ...bounds }, relative: false };
}

/** The releases of a workflow within a view's range; none if the view has no workflow, or several. */
export function useReleases(view: View): Release[] {
  const one = view.workflows.length === 1 && view.extent !== null;
  const starts = useCardQuery(view, versionStartsQuery(view), one, 'later').data;
  const earlier = useMemo(() => timeBefore(view), [view]);
  const past = one && (view.extent?.first ?? Infinity) < view.bounds.from;
  const before = useCardQuery(earlier, versionsBefore, past, 'later').data;
  const found = useMemo(
    () => (one && starts && (before ?? !past) ? releasesOf(starts, before) : []),
    [one, starts, before, past],
  );
  // Reads single executions, so it is asked only if there is something to place.
  const path = `/api/v1/analytics/workflows/${encodeURIComponent(view.workflows[0] ?? '')}/versions`;
  const { data, isError } = useRead<Versions>(view, path, {}, { enabled: found.length > 0 });
  return useMemo(
    () => (data || isError ? exactly(found, data?.versions ?? []) : []),
    [found, data, isError],
  );
}

/** The moment that the URL asks to look at. */
function useMark(): Marker | undefined {
  const { mark } = usePageSearch();
  return useMemo(() => {
    const found = markFrom(mark);
    return found && { ...found, kind: 'change', label: found.label || words.mark };
  }, [mark]);
}

/**
 * What every time chart of a page marks: the releases of its workflow, what people and pipelines annotated, and the
 * moment that the URL names. The range is the page's, unless the chart has one of its own.
 */
export function useMarkers(workflows: string[] | undefined, own?: View): Marker[] {
  const page = useView();
  const view = useMemo(
    () => ({ ...(own ?? page), workflows: workflows ?? [] }),
    [own, page, workflows],
  );
  const releases = useReleases(view);
  const read = useAnnotations(view, workflows !== undefined);
  const annotations = useConcerning(read.data, view.workflows);
  const mark = useMark();
  return useMemo(() => {
    const workflow = view.workflows.length === 1 ? view.workflows[0] : undefined;
    const marks = timelineOf(releases, annotations ?? [], { workflow, now: view.now });
    return withMoment(mark, marks);
  }, [mark, releases, annotations, view]);
}
