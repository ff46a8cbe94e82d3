import { differenceOf, differenceOfMeans, FEWEST, shareBounds, type Sample } from '@/lib/chance';

/** How a workflow differs from its own past. */
export interface Shift {
  kind: 'slower' | 'faster' | 'failing' | 'recovering';
  /** How many times as long runs take, or by how many points more of them fail. */
  size: number;
  before: number;
  now: number;
  /**
   * How large it is for certain, -1 to 1: the part of the present duration that is new, or the share of runs that now
   * fail and did not; below 0 if things got better. Both say what share of the work a change spoils, so they compare.
   */
  weight: number;
}

/** A workflow's figures in one period. */
export interface Period {
  durations: Sample | null;
  failed: number;
  decided: number;
}

function durationShift(now: Period, before: Period, comparisons: number): Shift | null {
  if (!now.durations || !before.durations) return null;
  const { mean } = now.durations;
  const past = before.durations.mean;
  if (Math.min(now.durations.count, before.durations.count) < FEWEST || mean <= 0 || past <= 0) {
    return null;
  }
  const extra = differenceOfMeans(now.durations, before.durations, comparisons);
  if (extra.lower > 0) {
    return {
      kind: 'slower',
      size: mean / past,
      before: past,
      now: mean,
      weight: extra.lower / mean,
    };
  }
  if (extra.upper < 0) {
    return {
      kind: 'faster',
      size: past / mean,
      before: past,
      now: mean,
      weight: extra.upper / past,
    };
  }
  return null;
}

function failureShift(now: Period, before: Period, comparisons: number): Shift | null {
  if (Math.min(now.decided, before.decided) < FEWEST) return null;
  const share = ({ failed, decided }: Period) => shareBounds(failed, decided, comparisons);
  const { value, lower, upper } = differenceOf(share(now), share(before));
  const of = { before: 100 * share(before).value, now: 100 * share(now).value };
  if (lower > 0) return { kind: 'failing', size: 100 * value, ...of, weight: lower };
  if (upper < 0) return { kind: 'recovering', size: -100 * value, ...of, weight: upper };
  return null;
}

/**
 * The worst shift of a workflow against its past that chance does not explain; the largest improvement if nothing got worse;
 * null if nothing changed. `comparisons` is the number of workflows that are judged together.
 */
export function shiftOf(now: Period, before: Period, comparisons: number): Shift | null {
  // Each workflow is judged by two figures.
  const tests = 2 * comparisons;
  const shifts = [durationShift(now, before, tests), failureShift(now, before, tests)]
    .filter((shift) => shift !== null)
    .sort((a, b) => b.weight - a.weight);
  const [worst] = shifts;
  if (!worst || worst.weight > 0) return worst ?? null;
  return shifts.at(-1) ?? null;
}
