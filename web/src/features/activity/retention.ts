import type { Retention, RetentionRequest } from '@/api/activity';
import type { Filter } from '@/api/types';
import type { View } from '../view';
import { activity } from '@/words';
import { PERIODS, type RetentionSearch } from './search';

const words = activity.retention;

const DAY = 86_400_000;
/** Up to how many days a range is cut into days, and into weeks. */
const MOST_DAILY = 31;
const MOST_WEEKLY = 366;
/** Cohorts with fewer members are greyed: one person more or less would change the share by a fifth or more. */
export const FEW = 5;

type Period = NonNullable<RetentionSearch['period']>;

/** The length of periods that suits a range. */
export function periodOf({ bounds }: Pick<View, 'bounds'>): Period {
  const days = (bounds.to - bounds.from) / DAY;
  if (days <= MOST_DAILY) return 'day';
  return days <= MOST_WEEKLY ? 'week' : 'month';
}

/** The brackets of a table: first the periods in which most is decided, then ever longer spans. */
const BRACKETS: Record<Period, [number, number][]> = {
  day: [
    [0, 0],
    [1, 1],
    [2, 6],
    [7, 13],
    [14, 29],
  ],
  week: [
    [0, 0],
    [1, 1],
    [2, 3],
    [4, 7],
    [8, 11],
  ],
  month: [
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 5],
    [6, 11],
  ],
};

/** The question behind a retention table, apart from its range; the filters of the page apply to starts and returns. */
export function retentionRequest(
  view: Pick<View, 'bounds' | 'env' | 'workflows' | 'zone'>,
  search: RetentionSearch,
): RetentionRequest {
  const filters: Filter[] = [
    ...(view.env ? [{ dimension: 'environment', op: 'in' as const, values: [view.env] }] : []),
    ...(view.workflows.length > 0
      ? [{ dimension: 'workflow', op: 'in' as const, values: [...view.workflows].sort() }]
      : []),
  ];
  const granularity = search.period ?? periodOf(view);
  const { periods, entry, segment } = search;
  return {
    granularity,
    mode: search.returned ?? 'n_day',
    ...(search.returned === 'bracket' ? { brackets: BRACKETS[granularity] } : {}),
    ...(periods ? { window: periods } : {}),
    ...(entry ? { entry } : {}),
    ...(segment ? { segmentId: segment } : {}),
    start: { event: search.event ?? 'activity', filters },
    timezone: view.zone,
  };
}

/** How a cell is drawn. */
export interface RetentionCell {
  /** The share in percent; null if the period has not begun, or the cohort has no members. */
  percent: number | null;
  count: number;
  /** The period is still going on, so the figure can rise. */
  open: boolean;
  /** The cohort is too small for its share to mean much. */
  few: boolean;
}

/** The cells of each cohort; null if the period has not begun. Cohorts without members are left out. */
export function retentionRows(
  report: Pick<Retention, 'cohorts'>,
): { start: number; size: number; cells: (RetentionCell | null)[] }[] {
  return report.cohorts
    .filter(({ size }) => size > 0)
    .map(({ cohort, size, cells }) => ({
      start: Date.parse(cohort),
      size,
      cells: cells.map((cell) =>
        cell
          ? {
              percent: cell.percent ?? null,
              count: cell.count,
              open: cell.open,
              few: size < FEW,
            }
          : null,
      ),
    }));
}

/** The periods that a column of a table is about: `1`, `2–6`, or `3+` if all later ones count. */
export function columnText(
  { from, to }: Retention['columns'][number],
  mode: Retention['mode'],
): string {
  if (mode === 'unbounded') return words.from(from);
  return to == null || to === from ? words.column(from) : words.columns(from, to);
}

/** What a table says, in words: its cells, its periods and its cohorts. */
export function meaningOf({
  mode,
  window,
  entry,
  granularity,
}: Pick<Retention, 'mode' | 'window' | 'entry' | 'granularity'>): string[] {
  const period = PERIODS.find((one) => one === granularity) ?? 'day';
  return [
    words.meaning.mode[mode],
    words.meaning.window[window][period],
    words.meaning.entry[entry],
  ];
}
