import type { ServiceLevel } from '@/api/workflow';
import { multiple } from '@/lib/format';
import { reliability as words } from '@/words';
import { budgetLeft, daysLeft, isJudged } from '../workflow/service/summary';

/** A service level that is to be kept: of a workflow, or of the whole project. */
export interface Objective {
  /** The workflow; null for the whole project. */
  workflowId: string | null;
  name: string;
  report: ServiceLevel;
}

const compared = (a: number | null, b: number | null): number =>
  (a ?? Infinity) === (b ?? Infinity) ? 0 : (a ?? Infinity) - (b ?? Infinity);

/**
 * Objectives by how soon they run out of error budget, the first to do so on top. Those that do not run out at the
 * present pace follow, the least budget left first; those with too few runs to say so come last.
 */
export function soonestFirst(objectives: Objective[]): Objective[] {
  return objectives
    .map((objective) => ({
      objective,
      days: daysLeft(objective.report),
      left: isJudged(objective.report) ? budgetLeft(objective.report) : null,
    }))
    .sort((a, b) => compared(a.days, b.days) || compared(a.left, b.left))
    .map(({ objective }) => objective);
}

/** How many objectives are certainly missed, and how many have too few runs to say. */
export function standing(objectives: Objective[]): { missed: number; few: number } {
  return {
    missed: objectives.filter(({ report }) => report.current.verdict === 'violated').length,
    few: objectives.filter(({ report }) => !isJudged(report)).length,
  };
}

/** In what time the budget is spent, in words. */
export function runsOutWords(report: ServiceLevel): string {
  if (!isJudged(report)) return words.runsOut.few;
  const days = daysLeft(report);
  if (days === null) return words.runsOut.no;
  if (days === 0) {
    return words.runsOut.spent(multiple((report.current.errorBudgetBurnPct ?? 100) / 100, 1));
  }
  return words.runsOut.in(days);
}

/** The lowest percentage that a scale of success rates must show, so that all whiskers with a verdict fit. */
export function scaleFrom(objectives: Objective[]): number {
  const lows = objectives.flatMap(({ report }) =>
    isJudged(report)
      ? [Math.min(report.current.bounds?.lowerPct ?? 100, report.config.targetSuccessPct)]
      : [],
  );
  return Math.floor(Math.min(98, ...lows));
}
