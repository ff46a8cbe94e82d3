import { useMemo } from 'react';
import type { Granularity } from '@/api/types';
import type { Answer } from '@/lib/answer';
import { bucketEnd, GRANULARITIES } from '@/lib/granularity';
import { completeUntil } from '../board/series';
import { numberOf, textOf } from '../rows';
import { useCardQuery, type CardQuery } from '../useCardQuery';
import type { View } from '../view';
import type { ListRow } from './list';

/** A sparkline of the list is as wide as a word: more buckets would be indistinguishable. */
const BUCKETS = 45;
/** The most workflows that one request may name. */
const MOST = 500;

/** The finest granularity that a sparkline of the list can show. */
export function trendGranularity(spanMs: number): Granularity {
  return GRANULARITIES.find(({ ms }) => spanMs / ms <= BUCKETS)?.id ?? 'month';
}

const idsOf = (rows: ListRow[]): string[] =>
  [...new Set(rows.flatMap(({ id, members }) => (members ?? [{ id }]).map((one) => one.id)))]
    .sort()
    .slice(0, MOST);

function trendQuery(view: View, ids: string[]): CardQuery {
  return {
    metrics: ['executions'],
    dimensions: ['workflow'],
    filters: [{ dimension: 'workflow', op: 'in', values: ids }],
    granularity: trendGranularity(view.bounds.to - view.bounds.from),
    limit: ids.length,
  };
}

/** The executions of a workflow, bucket by bucket, and from which bucket on they are not complete yet. */
export interface Trend {
  values: (number | null)[];
  openFrom: number;
}

/** Reads the executions of workflows over time, from the first event of the project on. */
export class Trends {
  private readonly starts: number[];
  private readonly openFrom: number;
  private readonly byWorkflow = new Map<string, Map<number, number>>();

  constructor(answer: Answer) {
    const { extent, zone } = answer.frame;
    const granularity = answer.query.granularity ?? 'day';
    const starts = new Set<number>();
    for (const row of answer.rows) {
      const start = Date.parse(String(row.time));
      const id = textOf(row, 'workflow') ?? '';
      const counts = this.byWorkflow.get(id) ?? new Map<number, number>();
      this.byWorkflow.set(id, counts.set(start, numberOf(row, 'executions') ?? 0));
      starts.add(start);
    }
    const end = (start: number): number => bucketEnd(start, granularity, zone);
    this.starts = [...starts]
      .filter((start) => extent === null || end(start) > extent.first)
      .sort((a, b) => a - b);
    const until = completeUntil(answer);
    const open = this.starts.findIndex((start) => end(start) > until);
    this.openFrom = open < 0 ? this.starts.length : open;
  }

  /** The executions of a row, added up over the members of a family; undefined if they are not known. */
  of({ id, members }: ListRow): Trend | undefined {
    const counts = (members ?? [{ id }]).flatMap((one) => this.byWorkflow.get(one.id) ?? []);
    if (counts.length === 0) return undefined;
    const values = this.starts.map((start) =>
      counts.reduce((sum, of) => sum + (of.get(start) ?? 0), 0),
    );
    return { values, openFrom: this.openFrom };
  }
}

/** The trends of the rows on screen. Rows that are added ask for theirs; what was answered stays meanwhile. */
export function useTrends(view: View, rows: ListRow[]): Trends | undefined {
  const ids = useMemo(() => idsOf(rows), [rows]);
  const { data } = useCardQuery(view, trendQuery(view, ids), ids.length > 0, 'later');
  return useMemo(() => data && new Trends(data), [data]);
}
