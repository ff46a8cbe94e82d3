import type { Change } from '@/api/changes';
import type { IconName } from '@/components/Icon';
import type { Shift } from './shift';

/** The states of a workflow, the most serious first. */
export const STATES = [
  'silent',
  'failing',
  'degraded',
  'slower',
  'costlier',
  'idle',
  'unknown',
  'healthy',
] as const;

export type StateName = (typeof STATES)[number];

/** How each state looks. */
export const LOOKS: Record<StateName, { icon: IconName; tone: string }> = {
  silent: { icon: 'silent', tone: 'text-bad' },
  failing: { icon: 'cross', tone: 'text-bad' },
  degraded: { icon: 'warning', tone: 'text-warn' },
  slower: { icon: 'slower', tone: 'text-warn' },
  costlier: { icon: 'coins', tone: 'text-warn' },
  idle: { icon: 'pause', tone: 'text-ink-3' },
  unknown: { icon: 'help', tone: 'text-ink-3' },
  healthy: { icon: 'check', tone: 'text-good' },
};

/**
 * From which success rates (percent) a workflow is healthy, and how many runs must have completed, failed or crashed to
 * say so. They are those of the server's definition `environment_health`; no answer of the API has them, so a test
 * compares them with the documentation that is generated from it.
 */
export const HEALTH = { failingBelow: 80, degradedBelow: 95, fewest: 5 } as const;

interface Facts {
  executions: number;
  /** Executions that completed, failed or crashed. */
  decided: number;
  /** Percent. */
  success: number | null;
  shift: Shift | null;
  /** The ongoing changes of the workflow. */
  changes: Change[];
}

/** The state of a workflow: the most serious that its figures or an ongoing change give it. */
export function stateOf({ executions, decided, success, shift, changes }: Facts): StateName {
  const has = (...kinds: Change['kind'][]): boolean =>
    changes.some((change) => kinds.includes(change.kind));
  if (has('workflow_silent')) return 'silent';
  if (executions === 0) return 'idle';
  const judged = decided >= HEALTH.fewest && success !== null;
  if (judged && success < HEALTH.failingBelow) return 'failing';
  if (judged && success < HEALTH.degradedBelow) return 'degraded';
  if (shift?.kind === 'slower' || has('step_slower', 'workflow_slower')) return 'slower';
  if (has('cost_spike')) return 'costlier';
  return judged ? 'healthy' : 'unknown';
}

/** The most serious of several states. */
export const worstOf = (states: StateName[]): StateName =>
  STATES.find((state) => states.includes(state)) ?? 'unknown';
