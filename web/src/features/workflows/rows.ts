import type { QueryResult } from '@/api/types';
import { nameOf, numberOf, textOf } from '../rows';

/** One workflow's figures in the range; durations in milliseconds, success in percent. */
export interface WorkflowRow {
  id: string;
  name: string;
  executions: number;
  success: number | null;
  p50: number | null;
  p95: number | null;
  /** How many of its executions have a duration. */
  timed: number;
  errors: number;
  steps: number;
}

/** The rows of a result of `workflowsBy`. */
export function workflowRows(result: QueryResult): WorkflowRow[] {
  return result.rows.flatMap((row) => {
    const id = textOf(row, 'workflow');
    if (id === null) return [];
    return [
      {
        id,
        name: nameOf(result, 'workflow', id),
        executions: numberOf(row, 'executions') ?? 0,
        success: numberOf(row, 'success_rate'),
        p50: numberOf(row, 'duration_p50'),
        p95: numberOf(row, 'duration_p95'),
        timed: numberOf(row, 'durations') ?? 0,
        errors: numberOf(row, 'errors') ?? 0,
        steps: numberOf(row, 'steps') ?? 0,
      },
    ];
  });
}
