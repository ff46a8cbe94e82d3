import type { Unit } from '@/api/types';
import type { Versions } from '@/api/workflow';
import { figure, isolated, NO_VALUE, percent } from '@/lib/format';
import { workflow as words } from '@/words';

const SAID = words.versions;

export type Version = Versions['versions'][number];
export type VersionChange = NonNullable<Version['change']>;

const UNITS: Record<string, Unit> = { success_rate: 'percent', cost_per_execution: 'usd' };

/** The unit of a compared metric. */
export const unitOf = (metric: string): Unit => UNITS[metric] ?? 'milliseconds';

/** A difference with its sign, in its unit; differences of rates are points. */
export function signed(value: number | null | undefined, metric: string): string {
  if (typeof value !== 'number') return NO_VALUE;
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : value > 0 ? '+' : '';
  if (unitOf(metric) === 'percent') return SAID.points(`${sign}${size.toFixed(1)}`);
  return `${sign}${figure(size, unitOf(metric))}`;
}

/** What is known about the difference between a version's figure and that of the version before it. */
export function findingOf({ change }: Version, metric: string): string | undefined {
  return change?.differences.find((entry) => entry.metric === metric)?.finding;
}

const certain = ({ differences }: VersionChange): boolean =>
  differences.some(({ finding }) => finding === 'better' || finding === 'worse');

/** The step behind a change, in sentences. */
export function reasons(change: VersionChange): string[] {
  const { responsibleStep, failingStep } = change;
  const found: string[] = [];
  if (responsibleStep) {
    found.push(
      SAID.responsible(
        isolated(responsibleStep.stepName ?? responsibleStep.stepId),
        signed(responsibleStep.contributionMs, 'duration_avg'),
        typeof responsibleStep.share === 'number' ? percent(responsibleStep.share) : NO_VALUE,
      ),
    );
  }
  if (failingStep) {
    found.push(
      SAID.failing(
        isolated(failingStep.stepName ?? failingStep.stepId),
        signed(failingStep.successRate.difference, 'success_rate'),
      ),
    );
  }
  return found.length === 0 && certain(change) ? [SAID.noStep] : found;
}

/** The step behind a change, or why there is none, in a few words. */
export function inShort(change: VersionChange): string {
  const { responsibleStep: slow, failingStep: failing, differences } = change;
  const nameOf = (step: { stepName?: string | null; stepId: string }): string =>
    isolated(step.stepName ?? step.stepId);
  const slower = slow && `${nameOf(slow)} ${signed(slow.contributionMs, 'duration_avg')}`;
  const failed =
    failing && (failing.stepId === slow?.stepId ? SAID.andFails : SAID.failsMore(nameOf(failing)));
  const steps = [slower, failed].filter(Boolean);
  if (steps.length > 0) return steps.join(', ');
  if (certain(change)) return SAID.noStepShort;
  const unknown = differences.every(({ finding }) => finding === 'not_enough_data');
  return SAID.findings[unknown ? 'not_enough_data' : 'no_difference'] ?? '';
}

/** The version whose change is shown at first: the newest that changed something for certain, otherwise the newest. */
export function mostTelling(versions: Version[]): Version | undefined {
  const compared = versions.filter(({ change }) => change);
  return compared.find(({ change }) => change && certain(change)) ?? compared[0];
}
