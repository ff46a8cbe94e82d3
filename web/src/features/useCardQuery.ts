import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { queryMetrics } from '@/api/queries';
import type { Filter, QueryBody, QueryResult } from '@/api/types';
import type { QueryState } from '@/components/QueryContent';
import type { Answer, Asked, Frame } from '@/lib/answer';
import { present } from '@/lib/clock';
import { refreshInterval } from '@/lib/range';
import { useLive } from './live';
import type { View } from './view';

/** The filters of a view, which every query of its cards has. */
export function frameFilters(view: View): Filter[] {
  const filters: Filter[] = [];
  if (view.env) filters.push({ dimension: 'environment', op: 'in', values: [view.env] });
  if (view.workflows.length > 0) {
    filters.push({ dimension: 'workflow', op: 'in', values: [...view.workflows].sort() });
  }
  return filters;
}

/** The query of a card. Range, time zone, environment and workflows come from the view; its own filters add to them. */
export type CardQuery = Omit<QueryBody, 'range' | 'timezone'>;

/** When a card is refreshed after an update: figures soon, the tables that explain them later. */
type Refresh = 'soon' | 'later';

/** The frame of a view, as an answer carries it. */
function frameOf(view: View): Frame {
  const { range, bounds, extent, granularity, zone, compare, env, workflows } = view;
  return { range, bounds, extent, granularity, zone, compare, env, workflows };
}

/** An answer as it arrives. Of a range up to the present, the buckets that have not begun say nothing yet. */
export function arrived(result: QueryResult, asked: Asked): Answer {
  const { range } = asked.frame;
  if (range.kind === 'absolute' || !result.query.granularity) return { ...result, ...asked };
  // Groups share their buckets, and reading a time takes as long as everything else that is done with a row.
  const begun = new Map<unknown, boolean>();
  const hasBegun = (time: unknown): boolean => {
    const known = begun.get(time) ?? Date.parse(String(time)) <= asked.at;
    begun.set(time, known);
    return known;
  };
  return { ...result, rows: result.rows.filter(({ time }) => hasBegun(time)), ...asked };
}

/** The newest answer in the cache to a question that was asked with other bounds. */
function lastAnswer(client: QueryClient, key: unknown[]): Asked | undefined {
  const queries = client.getQueryCache().findAll({ queryKey: key });
  const answers = queries.flatMap(({ state }) => (state.data ? [state.data as Asked] : []));
  return answers.sort((a, b) => b.at - a.at)[0];
}

/** The bounds of a range as the API takes them, RFC 3339. */
export interface Bounds {
  from: string;
  to: string;
}

/**
 * Asks a question about the range of a view. An answer carries what it was asked with. While the next one is on its
 * way, the last one stays; if only time has passed, nothing marks it as old.
 */
export function useAnswer<T extends Asked>(props: {
  view: View;
  /** The question, apart from the bounds of the range. */
  question: unknown;
  ask: (bounds: Bounds, signal: AbortSignal, asked: () => Asked) => Promise<T>;
  enabled: boolean;
  when: Refresh;
}): QueryState<T> {
  const { view, when } = props;
  const client = useQueryClient();
  const refreshMs = useRefreshInterval(view, when);
  const question = JSON.stringify([props.question, view.range]);
  const key = ['query', view.project.id, question];
  const bounds: Bounds = {
    from: new Date(view.bounds.from).toISOString(),
    to: new Date(view.bounds.to).toISOString(),
  };
  const result = useQuery<Asked>({
    queryKey: [...key, bounds],
    meta: { refreshed: when },
    queryFn: ({ signal }) =>
      props.ask(bounds, signal, () => ({ frame: frameOf(view), question, at: present() })),
    staleTime: refreshMs === false ? 60_000 : refreshMs,
    refetchInterval: refreshMs,
    // Figures of another project are no placeholder.
    placeholderData: (last, query) => (query?.queryKey[1] === view.project.id ? last : undefined),
    enabled: props.enabled,
  });
  const data = result.data ?? (result.isError ? lastAnswer(client, key) : undefined);
  return {
    ...result,
    // The key names the question, so the answer is one to it.
    data: data as T | undefined,
    dataUpdatedAt: data?.at ?? 0,
    isPlaceholderData: result.isPlaceholderData && data?.question !== question,
  };
}

/** Runs the query of a card. While the page is live, a relative range is refreshed at intervals and on updates. */
export function useCardQuery(
  view: View,
  query: CardQuery,
  enabled = true,
  when: Refresh = 'soon',
): QueryState<Answer> {
  const filters = [...frameFilters(view), ...(query.filters ?? [])];
  const body = {
    ...query,
    ...(filters.length > 0 ? { filters } : {}),
    timezone: view.zone,
  };
  return useAnswer({
    view,
    question: body,
    ask: async (range, signal, asked) => {
      const result = await queryMetrics(view.project.id, { ...body, range }, signal);
      return arrived(result, asked());
    },
    enabled,
    when,
  });
}

/** After how many milliseconds a card is refreshed without an update; false if what it shows does not change. */
export function useRefreshInterval(view: View, when: Refresh): number | false {
  const { state } = useLive();
  if (!view.relative || !view.live) return false;
  const interval = refreshInterval(view.range, state === 'open');
  return when === 'later' ? Math.max(interval, 30_000) : interval;
}
