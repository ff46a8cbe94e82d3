import type { Objective } from '@/api/reliability';
import { multiple } from '@/lib/format';
import { reliability as words } from '@/words';
import { isJudged, isSlow } from '../workflow/service/summary';

/** What an objective is called: its workflow, or the whole project. */
export const nameOf = ({ workflowId, workflowName }: Objective): string =>
  workflowId == null ? words.objectives.project : (workflowName ?? workflowId);

/** Whether too many runs certainly failed, or took too long. */
const isMissed = (objective: Objective): boolean =>
  objective.current.verdict === 'violated' || isSlow(objective);

/** How much an objective needs someone's attention by its verdict: lower is more. */
export function severity(objective: Objective): number {
  if (isMissed(objective)) return objective.current.verdict === 'violated' ? 0 : 1;
  return { violated: 0, uncertain: 2, met: 3, not_enough_data: 4, no_data: 5 }[
    objective.current.verdict
  ];
}

/** How many objectives are certainly missed, and how many have too few runs to say. */
export function standing(objectives: Objective[]): { missed: number; few: number } {
  return {
    missed: objectives.filter(isMissed).length,
    few: objectives.filter((objective) => !isJudged(objective)).length,
  };
}

/** In what time the budget is spent, in words. */
export function runsOutWords(objective: Objective): string {
  const { current, daysLeft } = objective;
  if (!isJudged(objective)) return words.runsOut.few;
  if (daysLeft == null) return words.runsOut.no;
  if (daysLeft === 0) {
    return words.runsOut.spent(multiple((current.errorBudgetBurnPct ?? 100) / 100, 1));
  }
  return words.runsOut.in(daysLeft);
}

/** The lowest percentage that a scale of success rates must show, so that all whiskers with a verdict fit. */
export function scaleFrom(objectives: Objective[]): number {
  const lows = objectives.flatMap((objective) =>
    isJudged(objective)
      ? [Math.min(objective.current.bounds?.lowerPct ?? 100, objective.config.targetSuccessPct)]
      : [],
  );
  return Math.floor(Math.min(98, ...lows));
}
