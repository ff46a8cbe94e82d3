import type { Frame } from '@/lib/answer';
import { rangeToParams } from '@/lib/range';
import type { PageSearch } from '@/lib/search';
import type { CardQuery } from '../useCardQuery';
import { filtersOf, orderOf, whereOf, type ExploreSearch, type Kind } from './search';

/** How many groups are listed: over time as many as the API gives without being asked for a number. */
export const USUAL_LIMIT = { time: 50, range: 20 };
/** How many groups are drawn over time: more have no distinct colours. */
export const MOST_DRAWN = 8;
/** The API's own limits, of queries that name none. */
const API_LIMIT = { time: USUAL_LIMIT.time, range: 1000 };

/** Whether each bucket of time has rows of its own. */
export const overTime = ({ over }: Pick<ExploreSearch, 'over'>): boolean => over !== 'range';

/** The order of the groups: the chosen one, or the first metric, the most first. */
function orderBy({ sort, metric = [], group = [] }: ExploreSearch): CardQuery['orderBy'] {
  const { by, direction } = orderOf(sort) ?? { by: metric[0] ?? '', direction: 'desc' };
  return [group.includes(by) ? { dimension: by, direction } : { metric: by, direction }];
}

/** What limits the groups of a query that has some. */
function limitsOf(search: ExploreSearch): Partial<CardQuery> {
  const time = overTime(search);
  const several = (search.group ?? []).length > 1;
  return {
    orderBy: orderBy(search),
    limit: search.limit ?? USUAL_LIMIT[time ? 'time' : 'range'],
    ...(search.each !== undefined && several && !time ? { limitEach: search.each } : {}),
    ...(search.other === 'off' ? {} : { other: true }),
  };
}

/**
 * The query that the URL describes; undefined while it names no metric. Groups over time are compared with nothing:
 * twice as many lines could not be distinguished.
 */
export function queryOf(
  search: ExploreSearch,
  frame: Pick<Frame, 'granularity' | 'compare'>,
): CardQuery | undefined {
  const { metric = [], group = [] } = search;
  if (metric.length === 0) return undefined;
  const time = overTime(search);
  const grouped = group.length > 0;
  const filters = filtersOf(search.where);
  return {
    metrics: metric,
    ...(grouped ? { dimensions: group, ...limitsOf(search) } : {}),
    ...(filters.length > 0 ? { filters } : {}),
    ...(time ? { granularity: frame.granularity } : {}),
    ...(time && !grouped ? { totals: true } : {}),
    ...(frame.compare && !(time && grouped) ? { compare: frame.compare } : {}),
  };
}

/** What is drawn of a query over time: the first groups, and the sum of all others. */
export function drawnOf(query: CardQuery): CardQuery {
  const { dimensions = [], granularity, limit } = query;
  if (dimensions.length === 0 || !granularity || (limit ?? Infinity) <= MOST_DRAWN) return query;
  return { ...query, limit: MOST_DRAWN, other: true };
}

/** A query with how it is drawn, as a card declares it. */
export interface Explored {
  query: CardQuery;
  /** How the card draws it, where that is not the usual way. */
  chart?: Kind;
}

/** The order of a query as the URL has it; absent if it is the usual one. */
function sortOf({ orderBy, metrics, dimensions = [] }: CardQuery): string | undefined {
  const first = orderBy?.[0];
  const by = first?.metric ?? first?.dimension;
  if (!by || dimensions.length === 0) return undefined;
  const direction = first?.direction ?? (first?.metric ? 'desc' : 'asc');
  return by === metrics[0] && direction === 'desc' ? undefined : `${by}.${direction}`;
}

/** The parameters of the page on which a query of a card is asked again: the inverse of `queryOf`. */
export function searchOf({ query, chart }: Explored): ExploreSearch {
  const { metrics, dimensions = [], filters = [], granularity } = query;
  const grouped = dimensions.length > 0;
  return {
    metric: metrics,
    group: grouped ? dimensions : undefined,
    where: whereOf(filters),
    over: granularity ? undefined : 'range',
    chart,
    sort: sortOf(query),
    limit: grouped ? (query.limit ?? API_LIMIT[granularity ? 'time' : 'range']) : undefined,
    each: query.limitEach ?? undefined,
    other: grouped && !query.other ? 'off' : undefined,
  };
}

/** The parameters of the frame in which a card asks: its range and filters need not be those of the page. */
export function frameParams(
  { range, granularity, env, workflows }: Frame,
  query: CardQuery,
): PageSearch {
  const { granularity: by, compare } = query;
  return {
    ...rangeToParams(range),
    env,
    workflow: workflows,
    ...(by && by !== granularity ? { by } : {}),
    ...(compare ? { compare } : {}),
  };
}
