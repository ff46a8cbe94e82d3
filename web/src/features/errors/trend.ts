/** The number of buckets in a sparkline. */
export const BINS = 28;

/** Counts at moments (RFC 3339), summed into equal parts of a range (epoch milliseconds). */
export function trendBins(
  points: { time: string; count: number }[],
  from: number,
  to: number,
  bins = BINS,
): number[] {
  const sums = new Array<number>(bins).fill(0);
  if (to <= from) return sums;
  for (const { time, count } of points) {
    const place = Math.floor(((Date.parse(time) - from) / (to - from)) * bins);
    // The first bucket can begin before the range.
    const bin = Math.max(0, Math.min(bins - 1, place));
    sums[bin] = (sums[bin] ?? 0) + count;
  }
  return sums;
}
