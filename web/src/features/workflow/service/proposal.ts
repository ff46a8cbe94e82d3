import { outcomesOf, type Day, type Draft } from './preview';

/** The success rates that are commonly promised, strictest first. */
const COMMON_PCT = [99.99, 99.95, 99.9, 99.5, 99, 98, 97, 95, 90, 80, 50];
/** The share of the past that a proposal would have met. */
const MET = 0.9;
/** With less of the past than this many windows, or days, nothing is proposed. */
const FEWEST = 14;

/** The strictest common success rate that most past windows met, in percent; null if too little is known. */
export function proposedSuccess(days: Day[], draft: Draft): number | null {
  const rates = outcomesOf(days, draft).flatMap(({ runs, successPct }) =>
    successPct !== null && runs >= draft.minimumRuns ? [successPct] : [],
  );
  if (rates.length < FEWEST) return null;
  const met = (pct: number): number => rates.filter((rate) => rate >= pct).length / rates.length;
  return COMMON_PCT.find((pct) => met(pct) >= MET) ?? null;
}

/** Rounds up to two significant digits: 4,312 becomes 4,400. */
function roundedUp(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}

/**
 * The p95 that most past days did not exceed (nearest-rank percentile), in milliseconds; null if too few days had
 * enough runs.
 */
export function proposedP95(days: Day[], { minimumRuns }: Draft): number | null {
  const known = days
    .flatMap(({ timed, p95Ms }) => (p95Ms !== null && timed >= minimumRuns ? [p95Ms] : []))
    .sort((a, b) => a - b);
  if (known.length < FEWEST) return null;
  const value = known[Math.ceil(MET * known.length) - 1];
  return value === undefined ? null : roundedUp(Math.max(1, value));
}
