import type { MetricInfo, Row } from '@/api/types';
import type { Answer } from '@/lib/answer';
import { bucketEnd } from '@/lib/granularity';
import { STATUSES } from '@/lib/status';
import { ERROR_STATUSES, type ExecutionFilters } from '../executionsLink';
import { textOf } from '../rows';
import type { Dimension } from './catalogue';

/** The families of metrics that count executions, or what happens in them. */
const OF_EXECUTIONS = ['executions', 'work', 'steps', 'costs', 'errors'];

type Name = Exclude<keyof ExecutionFilters, 'during' | 'minDuration' | 'maxDuration'>;

/** The filters of the list of executions that are dimensions. */
const FILTERS: Partial<Record<string, Name>> = {
  workflow: 'workflow',
  status: 'status',
  version: 'version',
  trigger_type: 'trigger',
  user: 'user',
  step: 'step',
  step_type: 'stepType',
  error_type: 'errorType',
  error_step: 'errorStep',
  error_group: 'error',
};
/** Those that take several values. */
const SEVERAL: Name[] = ['workflow', 'status'];
/** Of failed steps, those that failed in the executions, not those that they used. */
const OF_FAILURES: Partial<Record<string, Name>> = {
  step: 'errorStep',
  step_type: 'failedStepType',
};

/** What a metric of steps has of steps, and the list of executions. */
const OF_STEPS = ['status', 'error_type', 'error_step', 'error_group'];

/** The states that a metric counts; undefined if it counts all. */
function statusOf(metric: string): string | string[] | undefined {
  if (metric === 'errors') return ERROR_STATUSES;
  return STATUSES.find((status) => status.metric === metric)?.metric;
}

/**
 * The filters that list the executions behind a figure of an answer; null if the list has no such filters, so that it
 * would show others.
 */
export function behind(
  answer: Answer,
  dimensions: Dimension[],
  row: Row,
  metric: MetricInfo,
): ExecutionFilters | null {
  if (!OF_EXECUTIONS.includes(metric.family)) return null;
  const { granularity, filters } = answer.query;
  const { zone, bounds } = answer.frame;
  const found: Partial<Record<Name, string | string[]>> = {};
  const nameOf = (dimension: string): Name | undefined => {
    if (metric.family === 'steps' && OF_STEPS.includes(dimension)) return undefined;
    return (
      (metric.name === 'steps_failed' ? OF_FAILURES[dimension] : undefined) ?? FILTERS[dimension]
    );
  };
  for (const { name } of dimensions) {
    const [filter, value] = [nameOf(name), textOf(row, name)];
    if (!filter || !value) return null;
    found[filter] = value;
  }
  for (const { dimension, op, values } of filters) {
    // The frame has it.
    if (dimension === 'environment') continue;
    const filter = nameOf(dimension);
    const texts = values.filter((value) => value !== null);
    if (!filter || op === 'not_in' || texts.length < values.length) return null;
    if (texts.length > 1 && !SEVERAL.includes(filter) && !found[filter]) return null;
    found[filter] ??= texts;
  }
  const status = statusOf(metric.name);
  const start = Date.parse(String(row.time));
  return {
    ...(status ? { status } : {}),
    ...(found as ExecutionFilters),
    ...(granularity && !Number.isNaN(start)
      ? {
          during: {
            from: Math.max(bounds.from, start),
            to: Math.min(bounds.to, bucketEnd(start, granularity, zone)),
          },
        }
      : {}),
  };
}
