import type { Filter } from '@/api/types';
import type { CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { columnsOf, type Measure } from './heat';

/** How many connectors the heatmap shows at first, and at most. */
export const FEW_ROWS = 15;
export const MOST_ROWS = 100;
/** How many changes are looked through for incidents: all that the API gives. */
export const MOST_CHANGES = 50;
/** How many connectors the table lists. */
const MOST_CONNECTORS = 500;
/** How many steps and kinds of error of a connector are listed. */
export const LISTED = 50;
/** How many of the workflows that use it are listed. */
const MOST_WORKFLOWS = 20;
/** How many of its steps are asked for, to tell what they cost. */
const MOST_STEPS = 500;

/** The steps of one type; the empty text stands for steps without one. */
export const ofConnector = (connector: string): Filter => ({
  dimension: 'step_type',
  op: 'in',
  values: [connector || null],
});

/** The same query of the period before, if there is one. */
const compared = (view: View): Pick<CardQuery, 'compare'> =>
  view.range.kind === 'all' ? {} : { compare: view.compare ?? 'previous_period' };

/** Connectors over time, by what the heatmap measures. */
export function heatQuery(
  view: View,
  measure: Measure,
  of: { limit: number; connector?: string },
): CardQuery {
  const [rank, ...others] =
    measure === 'failures'
      ? ['steps_failed', 'steps_completed']
      : ['step_working_sum', 'step_durations', 'step_working_avg', 'step_duration_stddev'];
  return {
    metrics: [rank ?? '', ...others],
    dimensions: ['step_type'],
    ...(of.connector === undefined ? {} : { filters: [ofConnector(of.connector)] }),
    granularity: columnsOf(view.bounds),
    orderBy: [{ metric: rank, direction: 'desc' }],
    limit: of.limit,
  };
}

const FIGURES = [
  'steps',
  'steps_completed',
  'steps_failed',
  'step_durations',
  'step_duration_p50',
  'step_duration_p95',
  'step_retries',
  'cache_lookups',
  'cache_hits',
];

/** One row per connector, the most failures first, and the same of the period before. */
export function connectorsQuery(view: View): CardQuery {
  return {
    metrics: FIGURES,
    dimensions: ['step_type'],
    orderBy: [{ metric: 'steps_failed', direction: 'desc' }],
    limit: MOST_CONNECTORS,
    other: true,
    ...compared(view),
  };
}

/** The figures of one connector. */
export const connectorQuery = (view: View, connector: string): CardQuery => ({
  metrics: FIGURES,
  filters: [ofConnector(connector)],
  ...compared(view),
});

/** The workflows that use a connector, by how often they do. */
export const dependentsQuery = (connector: string): CardQuery => ({
  metrics: ['steps', 'steps_completed', 'steps_failed', 'step_durations', 'step_duration_p95'],
  dimensions: ['workflow'],
  filters: [ofConnector(connector)],
  orderBy: [{ metric: 'steps', direction: 'desc' }],
  limit: MOST_WORKFLOWS,
  other: true,
});

/** The steps that a connector runs, by how often they failed. */
export const stepsOfConnector = (connector: string): CardQuery => ({
  metrics: ['steps', 'steps_completed', 'steps_failed', 'step_durations', 'step_duration_p95'],
  dimensions: ['workflow', 'step'],
  filters: [ofConnector(connector)],
  orderBy: [
    { metric: 'steps_failed', direction: 'desc' },
    { metric: 'steps', direction: 'desc' },
  ],
  limit: MOST_STEPS,
  other: true,
});

/** The failures of a connector by error and hour, so that those of an outage can be told from the others. */
export const failuresOf = (view: View, connector: string): CardQuery => ({
  metrics: ['steps_failed'],
  dimensions: ['error_group', 'error_class', 'error_type'],
  filters: [ofConnector(connector), { dimension: 'status', op: 'in', values: ['failed'] }],
  granularity: columnsOf(view.bounds),
  orderBy: [{ metric: 'steps_failed', direction: 'desc' }],
  limit: LISTED,
  other: true,
});
