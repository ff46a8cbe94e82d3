import type { QueryResult, Row } from '@/api/types';
import { numberOf, textOf } from '../rows';

/** The figures of a connector, or of one of its workflows or steps. Durations are milliseconds, shares 0 to 100. */
export interface Figures {
  runs: number;
  failed: number;
  /** How many completed or failed. */
  judged: number;
  /** Of those that completed or failed; null if none did. */
  share: number | null;
  timed: number;
  p50: number | null;
  p95: number | null;
  retries: number;
  lookups: number;
  hits: number;
  /** The share of lookups that a cache answered; null without lookups. */
  cache: number | null;
}

const shareOf = (part: number, whole: number): number | null =>
  whole > 0 ? (100 * part) / whole : null;

/** The figures of a row of an answer. */
export function figuresOf(row: Row | undefined): Figures {
  const count = (metric: string): number => numberOf(row, metric) ?? 0;
  const failed = count('steps_failed');
  const judged = failed + count('steps_completed');
  return {
    runs: count('steps'),
    failed,
    judged,
    share: shareOf(failed, judged),
    timed: count('step_durations'),
    p50: numberOf(row, 'step_duration_p50'),
    p95: numberOf(row, 'step_duration_p95'),
    retries: count('step_retries'),
    lookups: count('cache_lookups'),
    hits: count('cache_hits'),
    cache: shareOf(count('cache_hits'), count('cache_lookups')),
  };
}

/** A connector with its figures, and those of the period before if there is one. */
export interface ConnectorRow extends Figures {
  /** The type of step; null for steps without one. */
  connector: string | null;
  before: Figures | null;
}

/** The connectors of an answer, in its order. */
export function connectorRows(result: QueryResult): ConnectorRow[] {
  const past = new Map((result.comparison ?? []).map((row) => [textOf(row, 'step_type'), row]));
  return result.rows.map((row) => {
    const connector = textOf(row, 'step_type');
    const before = past.get(connector);
    return { ...figuresOf(row), connector, before: before ? figuresOf(before) : null };
  });
}

/** How many groups an answer has, with those that its limit left out. */
export function groupsOf({ rows, other }: QueryResult): number {
  const left = (other?.rows ?? []).reduce((sum, row) => sum + (numberOf(row, 'groups') ?? 0), 0);
  return rows.length + left;
}

/** How many connectors an answer has: steps without a type are none. */
export const connectorCount = (result: QueryResult): number =>
  groupsOf(result) - result.rows.filter((row) => textOf(row, 'step_type') === null).length;

/** The sums over everything in an answer, with what its limit left out. */
export function sumsOf({ rows, other }: QueryResult) {
  const all = [...rows, ...(other?.rows ?? [])].map(figuresOf);
  const sum = (of: (figures: Figures) => number): number =>
    all.reduce((total, figures) => total + of(figures), 0);
  const [failed, judged] = [sum((row) => row.failed), sum((row) => row.judged)];
  const [lookups, hits] = [sum((row) => row.lookups), sum((row) => row.hits)];
  return {
    runs: sum((row) => row.runs),
    failed,
    share: shareOf(failed, judged),
    retries: sum((row) => row.retries),
    lookups,
    hits,
    cache: shareOf(hits, lookups),
  };
}
