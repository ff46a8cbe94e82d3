import type { Retention, RetentionRequest } from '@/api/activity';
import type { Filter } from '@/api/types';
import type { View } from '../view';
import type { RetentionSearch } from './search';

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
  return {
    granularity: search.period ?? periodOf(view),
    mode: search.returned ?? 'n_day',
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
