import type { ServiceLevel } from '@/api/workflow';
import {
  compact,
  counted,
  duration,
  exact,
  exactFigure,
  figure,
  NO_VALUE,
  percent,
} from '@/lib/format';
import { nouns, workflow as words } from '@/words';
import type { Tile } from '../../Tiles';

const SAID = words.service;

/** The state of a service level in a sentence. */
export function state({ current, config }: ServiceLevel): string {
  const { totalRuns, successPct } = current;
  if (current.verdict === 'no_data' || typeof successPct !== 'number') return SAID.noRuns;
  const runs = counted(totalRuns, nouns.run);
  if (current.verdict === 'not_enough_data') return SAID.tooFew(runs, config.minimumRuns);
  const target = percent(config.targetSuccessPct);
  const success = SAID.states[current.verdict](percent(successPct), runs, target);
  const { latency } = current;
  if (!isSlow({ current })) return success;
  const [inTime, limit] = [figure(latency.inTimePct, 'percent'), duration(latency.thresholdMs)];
  return success + SAID.tooSlow(inTime, limit, percent(latency.targetPct));
}

/** Whether runs certainly take longer than the target lets them. */
export const isSlow = ({ current }: Pick<ServiceLevel, 'current'>): boolean =>
  current.latency.verdict === 'violated';

/** The part of the error budget that is left, in percent: negative if more than all was spent. */
export function budgetLeft({ current }: Pick<ServiceLevel, 'current'>): number | null {
  return typeof current.errorBudgetBurnPct === 'number' ? 100 - current.errorBudgetBurnPct : null;
}

/** The bounds of a share in words; empty if there are none. */
export const bounded = (
  bounds: { lowerPct?: number | null; upperPct?: number | null } | null | undefined,
): string =>
  typeof bounds?.lowerPct === 'number' && typeof bounds.upperPct === 'number'
    ? SAID.bounds(percent(bounds.lowerPct), percent(bounds.upperPct))
    : '';

/** A share as precise as it was set: a target of 99.95 % leaves 0.05 %. */
const share = (value: number): string => exactFigure(value, 'percent');

/** Which share may fail, and of what that is made up. */
export function mayFailWords({ burnRates, config }: ServiceLevel): string {
  const byTarget = 100 - config.targetSuccessPct;
  const budget = burnRates.mayFailPct - byTarget;
  // Floating-point differences are no budget.
  return budget < 1e-6
    ? SAID.mayFailByTarget(share(burnRates.mayFailPct))
    : SAID.mayFail(share(burnRates.mayFailPct), share(byTarget), share(budget));
}

/**
 * Why more may fail than the target seems to allow, and what slow runs count against: a target and its budget add up,
 * and slow runs have a budget of their own.
 */
export function budgetWords({ burnRates, config }: ServiceLevel): string {
  const { mayFailPct, mayBeLatePct } = burnRates;
  const byTarget = share(100 - config.targetSuccessPct);
  const failing =
    mayFailPct - (100 - config.targetSuccessPct) < 1e-6
      ? SAID.failuresByTarget(share(config.targetSuccessPct), byTarget)
      : SAID.failuresAllowed(
          share(config.targetSuccessPct),
          byTarget,
          share(config.errorBudgetPct),
          share(mayFailPct),
        );
  return `${failing} ${SAID.slowAllowed(share(mayBeLatePct), duration(config.targetP95Ms))}`;
}

/** Whether there were enough runs to say anything about a service level. */
export const isJudged = ({ current: { verdict } }: Pick<ServiceLevel, 'current'>): boolean =>
  verdict !== 'no_data' && verdict !== 'not_enough_data';

/** The figures that a service level has. */
type ServiceTiles = Record<'success' | 'target' | 'budgetLeft' | 'inTime' | 'p95', Tile>;

/** The figures of a service level by name: now, the target, and what may still fail. */
export function serviceTiles(report: ServiceLevel): ServiceTiles {
  const { current, config } = report;
  const { latency } = current;
  const left = budgetLeft(report);
  const toneOf = (verdict: string): Tile['tone'] =>
    verdict === 'met' ? 'good' : verdict === 'violated' ? 'bad' : undefined;
  return {
    success: {
      label: SAID.success,
      value: figure(current.successPct, 'percent'),
      exact: exactFigure(current.successPct, 'percent'),
      note: bounded(current.bounds),
      tone: toneOf(current.verdict),
    },
    target: {
      label: SAID.target,
      value: percent(config.targetSuccessPct),
      note: SAID.levels[config.level],
    },
    budgetLeft: {
      label: SAID.budgetLeft,
      value: left === null ? NO_VALUE : left >= 0 ? percent(left) : SAID.overspent,
      note: SAID.allowed(compact(current.failedRuns), compact(Math.floor(current.allowedFailures))),
      exact: SAID.allowed(exact(current.failedRuns), exact(current.allowedFailures)),
      tone: left === null ? undefined : left > 0 ? 'good' : 'bad',
    },
    inTime: {
      label: SAID.inTime(duration(latency.thresholdMs)),
      value: figure(latency.inTimePct, 'percent'),
      note: SAID.latencyTarget(percent(latency.targetPct)),
      tone: toneOf(latency.verdict),
    },
    p95: {
      label: SAID.p95,
      value: figure(current.p95Ms, 'milliseconds'),
      exact: exactFigure(current.p95Ms, 'milliseconds'),
      note: SAID.targetIs(duration(config.targetP95Ms)),
      tone: toneOf(latency.verdict),
    },
  };
}

/** The row of figures of a service level. */
export function tilesOf(report: ServiceLevel): Tile[] {
  const { success, target, budgetLeft: left, inTime, p95 } = serviceTiles(report);
  return [success, target, left, inTime, p95];
}
