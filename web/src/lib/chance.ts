/** Values summed up: how many there are, their mean and their (population) standard deviation. */
export interface Sample {
  count: number;
  mean: number;
  deviation: number;
}

/** An estimate with its bounds. */
export interface Estimate {
  value: number;
  lower: number;
  upper: number;
}

/** With fewer values than this, a mean says little. */
export const FEWEST = 20;

/**
 * The quantile of the standard normal distribution above which a share of 0 to 0.5 lies; the error is below 0.00045.
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23.
 */
export function normalQuantile(above: number): number {
  const t = Math.sqrt(-2 * Math.log(above));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return t - numerator / denominator;
}

/** The same of Student's t distribution with at least ten degrees of freedom. Source: the same, 26.7.5. */
export function studentQuantile(above: number, freedom: number): number {
  const z = normalQuantile(above);
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  return (
    z +
    (z3 + z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3)
  );
}

/**
 * By how much the mean of one sample exceeds that of another, with bounds that the true difference is outside of with
 * probability `doubt` divided by the number of comparisons made. Source: Welch, Biometrika 34 (1947); Bonferroni's correction.
 */
export function differenceOfMeans(
  now: Sample,
  before: Sample,
  comparisons: number,
  doubt = 0.05,
): Estimate {
  const [a, b] = [now.deviation ** 2 / now.count, before.deviation ** 2 / before.count];
  const freedom = (a + b) ** 2 / (a ** 2 / (now.count - 1) + b ** 2 / (before.count - 1));
  const quantile = studentQuantile(doubt / 2 / Math.max(1, comparisons), freedom || Infinity);
  const value = now.mean - before.mean;
  const reach = quantile * Math.sqrt(a + b);
  return { value, lower: value - reach, upper: value + reach };
}

/**
 * The bounds of a share of which `part` of `whole` were counted; `comparisons` and `doubt` as above.
 * Source: Wilson, Journal of the American Statistical Association 22 (1927).
 */
export function shareBounds(part: number, whole: number, comparisons = 1, doubt = 0.05): Estimate {
  const z = normalQuantile(doubt / 2 / Math.max(1, comparisons));
  const value = part / whole;
  const middle = (value + (z * z) / (2 * whole)) / (1 + (z * z) / whole);
  const reach =
    (z / (1 + (z * z) / whole)) *
    Math.sqrt((value * (1 - value)) / whole + (z * z) / (4 * whole * whole));
  return { value, lower: middle - reach, upper: middle + reach };
}

/** By how much one estimate exceeds an independent one. Source: Newcombe, Statistics in Medicine 17 (1998), method 10. */
export function differenceOf(now: Estimate, before: Estimate): Estimate {
  const value = now.value - before.value;
  return {
    value,
    lower: value - Math.hypot(now.value - now.lower, before.upper - before.value),
    upper: value + Math.hypot(now.upper - now.value, before.value - before.lower),
  };
}
