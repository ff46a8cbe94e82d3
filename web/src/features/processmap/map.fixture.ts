import { answerOf } from '../answer.fixture';
import type { Flow, ProcessMap, StepNode } from '@/api/processMap';

/** A step of a map for tests. */
export function stepNode(id: string, executions: number, more: Partial<StepNode> = {}): StepNode {
  return {
    step: { id, name: id.toUpperCase(), type: null },
    executions,
    runs: executions,
    attempts: executions,
    durationP50: 100,
    durationP95: 900,
    durationSum: executions * 150,
    waitingSum: 0,
    workingSum: executions * 150,
    failedRuns: 0,
    cost: null,
    rework: { executions: 0, runs: 0, durationMs: 0, cost: null },
    ends: { completed: 0, failed: 0, canceled: 0, open: 0 },
    ...more,
  };
}

/** An arrow of a map of 100 executions for tests. */
export function flow(
  from: string | null,
  to: string | null,
  executions: number,
  waitP50: number | null = null,
): Flow {
  return {
    from,
    to,
    executions,
    runs: executions,
    share: executions,
    overlaps: 0,
    waitP50,
    waitP95: waitP50,
    waitSum: waitP50 === null ? null : waitP50 * executions,
  };
}

/** 100 executions: 90 complete after a, b; 6 fail in a, 3 are canceled after b, 1 still waits there. */
export const SMALL_MAP: ProcessMap = {
  executions: 100,
  open: 1,
  nodes: [
    stepNode('a', 100, { ends: { completed: 0, failed: 6, canceled: 0, open: 0 } }),
    stepNode('b', 94, { ends: { completed: 90, failed: 0, canceled: 3, open: 1 } }),
  ],
  edges: [flow(null, 'a', 100), flow('a', 'b', 94, 5000), flow('b', null, 90)],
  omitted: { nodes: 0, edges: 0 },
  workflowId: 'small',
  range: { from: '2026-01-01T00:00:00Z', to: '2026-01-08T00:00:00Z' },
  meta: answerOf([]).meta,
};
