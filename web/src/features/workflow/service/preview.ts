import type { QueryResult } from '@/api/types';
import type { ServiceLevel } from '@/api/workflow';
import type { ChartData, Series } from '@/components/chart/model';
import { workflow as words } from '@/words';
import { numberOf } from '../../rows';
import { WINDOWS, type Window } from '../search';

const SAID = words.service.preview;

/** How many windows are shown: one for each of this many days. */
export const SHOWN_DAYS = 90;
/** The longest window, in days. */
const LONGEST = 30;
/** How many days are read: those of the first window shown, too. */
export const READ_DAYS = SHOWN_DAYS + LONGEST - 1;

/** A target as it is being edited. */
export interface Draft {
  targetSuccessPct: number;
  errorBudgetPct: number;
  targetP95Ms: number;
  minimumRuns: number;
  window: Window;
}

/** The runs that ended on a day: how many, how many of them failed, and how long they took. */
export interface Day {
  /** The start of the day, epoch milliseconds. */
  start: number;
  runs: number;
  failed: number;
  /** Runs with a duration, and those of them that were fast enough. */
  timed: number;
  inTime: number;
  p95Ms: number | null;
}

/** What a window would have been: null if there were no runs, or too few of them for a verdict. */
export interface Outcome {
  /** The start of its last day, epoch milliseconds. */
  lastDay: number;
  runs: number;
  timed: number;
  successPct: number | null;
  /** Percentages of the budget for failures and of that for slow runs that were spent. */
  spentPct: number | null;
  slowSpentPct: number | null;
  inTimePct: number | null;
}

/** The metrics that a preview is computed from, by the day. */
export const PREVIEW_METRICS = [
  'completed',
  'failed',
  'crashed',
  'durations',
  'durations_within',
  'duration_p95',
];

/** The days of an answer. */
export function daysOf({ rows }: Pick<QueryResult, 'rows'>): Day[] {
  return rows.map((row) => {
    const of = (metric: string): number => numberOf(row, metric) ?? 0;
    const failed = of('failed') + of('crashed');
    return {
      start: Date.parse(String(row.time)),
      runs: of('completed') + failed,
      failed,
      timed: of('durations'),
      inTime: of('durations_within'),
      p95Ms: numberOf(row, 'duration_p95'),
    };
  });
}

const sum = (days: Day[], of: 'runs' | 'failed' | 'timed' | 'inTime'): number =>
  days.reduce((total, day) => total + day[of], 0);

/** The percentage of runs that may be slow: a p95 is a promise about the other 95 %. */
const MAY_BE_LATE_PCT = 5;

/** The share of a budget that is spent, in percent; null without runs, or if none may be bad and some were. */
function spentPct(bad: number, of: number, mayPct: number): number | null {
  if (of === 0) return null;
  if (bad === 0) return 0;
  return mayPct > 0 ? (1e4 * bad) / of / mayPct : null;
}

/** The windows that end with each of the last days, oldest first, as they would have been with a target. */
export function outcomesOf(days: Day[], draft: Draft): Outcome[] {
  const length = parseInt(draft.window, 10);
  const mayFail = Math.max(0, 100 - draft.targetSuccessPct + draft.errorBudgetPct);
  const first = Math.max(0, days.length - SHOWN_DAYS);
  return days.slice(first).map((day, index) => {
    const end = first + index + 1;
    const window = days.slice(Math.max(0, end - length), end);
    const [runs, failed] = [sum(window, 'runs'), sum(window, 'failed')];
    const [timed, inTime] = [sum(window, 'timed'), sum(window, 'inTime')];
    return {
      lastDay: day.start,
      runs,
      timed,
      successPct: runs > 0 ? (100 * (runs - failed)) / runs : null,
      spentPct: spentPct(failed, runs, mayFail),
      slowSpentPct: spentPct(timed - inTime, timed, MAY_BE_LATE_PCT),
      inTimePct: timed > 0 ? (100 * inTime) / timed : null,
    };
  });
}

/** How many windows would have met the target, and how many not. */
export interface Tally {
  /** Windows with runs. */
  windows: number;
  met: number;
  overspent: number;
  tooSlow: number;
  /** Windows with runs, but too few for a verdict. */
  few: number;
}

const isEnough = ({ runs }: Outcome, { minimumRuns }: Draft): boolean => runs >= minimumRuns;

/** Counts windows by whether they would have met the target. Those with too few runs are neither. */
export function tallyOf(outcomes: Outcome[], draft: Draft): Tally {
  const withRuns = outcomes.filter(({ runs }) => runs > 0);
  const judged = withRuns.filter((outcome) => isEnough(outcome, draft));
  return {
    windows: withRuns.length,
    met: judged.filter(({ successPct }) => (successPct ?? 0) >= draft.targetSuccessPct).length,
    overspent: judged.filter(({ spentPct }) => (spentPct ?? Infinity) > 100).length,
    tooSlow: outcomes.filter(
      ({ timed, slowSpentPct }) => timed >= draft.minimumRuns && (slowSpentPct ?? 0) > 100,
    ).length,
    few: withRuns.length - judged.length,
  };
}

/** The budgets that each window would have spent; windows with too few runs are gaps. */
export function previewChart(
  outcomes: Outcome[],
  draft: Draft,
  { zone, end, now }: { zone: string; end: number; now: number },
): ChartData {
  const line = (
    id: string,
    label: string,
    token: string,
    valueOf: (outcome: Outcome) => number | null,
  ): Series => ({ id, label, token, kind: 'line', values: outcomes.map(valueOf) });
  return {
    starts: outcomes.map(({ lastDay }) => lastDay),
    end,
    granularity: 'day',
    zone,
    unit: 'percent',
    thresholds: [{ value: 100, label: SAID.whole }],
    completeUntil: now,
    range: { from: outcomes[0]?.lastDay ?? end, to: end },
    series: [
      line('failures', SAID.failures, '--series-1', (outcome) =>
        isEnough(outcome, draft) ? outcome.spentPct : null,
      ),
      line('slow', SAID.slow, '--series-2', ({ timed, slowSpentPct }) =>
        timed >= draft.minimumRuns ? slowSpentPct : null,
      ),
    ],
  };
}

/** A target in force as a draft. */
export function draftOf(config: ServiceLevel['config']): Draft {
  const { targetSuccessPct, errorBudgetPct, targetP95Ms, minimumRuns } = config;
  const window = WINDOWS.find((entry) => entry === config.window) ?? '7d';
  return { targetSuccessPct, errorBudgetPct, targetP95Ms, minimumRuns, window };
}
