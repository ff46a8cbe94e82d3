import type { Granularity } from '@/api/types';
import type { Frame } from '@/lib/answer';
import { SIGNS } from './rows';
import type { CardQuery } from './useCardQuery';
import type { View } from './view';

/**
 * The figures and the series of a page in one query: the totals are computed from what the buckets are computed from, so
 * that figures and charts agree while events arrive. Figures are compared with the previous period, or the previous year
 * if that is chosen.
 */
export function boardQuery(view: View): CardQuery {
  return {
    metrics: [
      'executions',
      'completed',
      'failed',
      'crashed',
      'canceled',
      'waiting',
      'running',
      'success_rate',
      'duration_p50',
      'duration_p95',
      'steps',
      'activities',
      'users',
      'cost',
    ],
    granularity: view.granularity,
    totals: true,
    // There is nothing before "all data": a comparison would only cost time.
    ...(view.range.kind === 'all' ? {} : { compare: view.compare ?? 'previous_period' }),
  };
}

const SHORT_MS = 3 * 86_400_000;

/** The length of the busiest periods: days, or the buckets of the charts if the range is only a few days. */
export function busiestGranularity({ bounds, granularity }: Frame): Granularity {
  const short = bounds.to - bounds.from < SHORT_MS;
  const fine = !['day', 'week', 'month'].includes(granularity);
  return short && fine ? granularity : 'day';
}

/** The busiest periods: the same query as that of the page, unless its buckets are longer than a day. */
export function busiestQuery(view: View): CardQuery {
  return ['week', 'month'].includes(view.granularity)
    ? { metrics: ['executions', 'steps', 'activities'], granularity: busiestGranularity(view) }
    : boardQuery(view);
}

/** The first workflows in an order, one per row; the server ranks all of them. */
export function workflowsBy(metric: string, direction: 'asc' | 'desc', limit = 1000): CardQuery {
  return {
    metrics: [
      'executions',
      'success_rate',
      'duration_p50',
      'duration_p95',
      'durations',
      'errors',
      'steps',
    ],
    dimensions: ['workflow'],
    orderBy: [{ metric, direction }],
    limit,
  };
}

/** The workflows with the most executions. */
export const workflowsQuery: CardQuery = workflowsBy('executions', 'desc');

/** The slowest workflows; more than are listed, because some have run too rarely to say. */
export const slowestWorkflowsQuery: CardQuery = workflowsBy('duration_p95', 'desc', 100);

/** The most frequent error types, each with the place where most of them occurred; the rest is summed. */
function topErrors(place: 'workflow' | 'error_step'): CardQuery {
  return {
    metrics: ['errors'],
    dimensions: ['error_type', place],
    orderBy: [{ metric: 'errors', direction: 'desc' }],
    limit: 10,
    limitEach: 1,
    other: true,
  };
}

/** Errors by type and workflow. */
export const errorsQuery: CardQuery = topErrors('workflow');

/** Errors by type and by the step in which they occurred, for one workflow. */
export const errorStepsQuery: CardQuery = topErrors('error_step');

/** Whether a workflow has ever run, and what it is called. */
export const identityQuery: CardQuery = { metrics: SIGNS, dimensions: ['workflow'] };

/** One row per step. */
export const stepsQuery: CardQuery = {
  metrics: [
    'steps',
    'step_success_rate',
    'step_duration_p50',
    'step_duration_p95',
    'step_duration_sum',
    'step_durations',
  ],
  dimensions: ['step', 'step_type'],
  orderBy: [{ metric: 'step_duration_p95', direction: 'desc' }],
  limit: 500,
  other: true,
};

/** The slowest steps of all workflows; more than are listed, because some have run too rarely to say. */
export const slowestStepsQuery: CardQuery = {
  metrics: ['step_duration_p95', 'steps', 'step_durations'],
  dimensions: ['step', 'workflow'],
  orderBy: [{ metric: 'step_duration_p95', direction: 'desc' }],
  limit: 100,
};

/** One row per version. */
export const versionsQuery: CardQuery = {
  metrics: ['executions', 'success_rate', 'duration_p50', 'duration_p95'],
  dimensions: ['workflow', 'version'],
  orderBy: [{ metric: 'executions', direction: 'desc' }],
  limit: 50,
};

/** Errors over time, or only those of one group. */
export function errorSeriesQuery(view: View, group: string | undefined): CardQuery {
  return {
    metrics: ['errors'],
    ...(group ? { filters: [{ dimension: 'error_group', op: 'in', values: [group] }] } : {}),
    granularity: view.granularity,
    ...(view.compare ? { compare: view.compare } : {}),
  };
}
