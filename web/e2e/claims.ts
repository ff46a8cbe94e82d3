import type { Event } from './executions';

/** Text that is in no other seed: a test that fails is tried again by a new process, which sends its own workflows. */
export const uniqueText = (): string =>
  `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;

/** A minute, in milliseconds. */
export const MINUTE = 60_000;
/** Executions of each of two versions; in the second, "ask" takes ten times as long and fails more often. */
export const EACH = 30;

interface Step {
  id: string;
  duration: number;
  failed: boolean;
}

/** The events of one execution, and of its steps one after the other. */
function execution(
  workflow: string,
  index: number,
  version: string,
  steps: Step[],
  end: number,
): Event[] {
  const of = {
    workflowId: workflow,
    workflowName: 'The claims',
    workflowVersion: version,
    executionId: `claim-${index}`,
  };
  const failed = steps.some((step) => step.failed);
  const total = steps.reduce((sum, step) => sum + step.duration, 0);
  let at = end - total;
  return [
    ...steps.map((step) => ({
      ...of,
      type: 'step',
      stepId: step.id,
      stepName: `The ${step.id}`,
      stepType: 'http',
      status: step.failed ? 'failed' : 'completed',
      errorType: step.failed ? 'Timeout' : undefined,
      duration: step.duration,
      timestamp: new Date((at += step.duration)).toISOString(),
    })),
    {
      ...of,
      type: 'execution',
      status: failed ? 'failed' : 'completed',
      errorType: failed ? 'Timeout' : undefined,
      errorMessage: failed ? 'The adjuster did not answer' : undefined,
      errorStep: failed ? 'ask' : undefined,
      duration: total,
      timestamp: new Date(end).toISOString(),
    },
    {
      ...of,
      type: 'cost',
      dollarAmount: '0.02',
      model: version === '1' ? 'small' : 'large',
      timestamp: new Date(end).toISOString(),
    },
  ];
}

/** A workflow with two versions. */
export function claims(workflow: string): Event[] {
  return Array.from({ length: 2 * EACH }, (_, index) => {
    const second = index >= EACH;
    const failed = second ? index % 2 === 0 : index === 3;
    const steps = [
      { id: 'zip', duration: 100 + (index % 3), failed: false },
      { id: 'ask', duration: (second ? 5000 : 500) + (index % 7), failed },
      ...(failed ? [] : [{ id: 'pay', duration: 50, failed: false }]),
    ];
    const end = Date.now() - (2 * EACH - index) * 10 * MINUTE;
    return execution(workflow, index, second ? '2' : '1', steps, end);
  }).flat();
}
