const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The widths of the server's counts, each for ranges up to a length, by the same rule as on the server (`auto`). */
const WIDTHS: [number, number][] = [
  [2 * HOUR, MINUTE],
  [12 * HOUR, 5 * MINUTE],
  [7 * DAY + HOUR, HOUR],
  [120 * DAY + HOUR, DAY],
  [731 * DAY + HOUR, 7 * DAY],
  [Infinity, 30.4 * DAY],
];
/** More bins than this are too dense for a sparkline. */
const MAX_BINS = 42;

interface Span {
  from: number;
  to: number;
}

/**
 * Counts at moments (RFC 3339), summed into parts of a range (epoch milliseconds). Each part holds equally many of the
 * server's counts, otherwise some parts would look busier than others. Parts outside of the time that is known are
 * gaps; the parts from `openFrom` on are not whole.
 */
export function trendBins(
  points: { time: string; count: number }[],
  { from, to }: Span,
  known: Span,
): { values: (number | null)[]; openFrom: number } {
  const span = Math.max(1, to - from);
  const width = WIDTHS.find(([most]) => span <= most)?.[1] ?? DAY;
  const counts = Math.max(1, Math.round(span / width));
  const each = Math.ceil(counts / MAX_BINS);
  const bins = Math.ceil(counts / each);
  const binWidth = (span / counts) * each;
  const sums = new Array<number>(bins).fill(0);
  for (const { time, count } of points) {
    // The clock is put back and forward: a day can start half an hour before its part.
    const place = Math.floor((Date.parse(time) - from + span / counts / 2) / binWidth);
    // The first count can begin before the range.
    const bin = Math.max(0, Math.min(bins - 1, place));
    sums[bin] = (sums[bin] ?? 0) + count;
  }
  const end = (bin: number): number => from + (bin + 1) * binWidth;
  const values = sums.map((sum, bin) =>
    sum === 0 && (end(bin) - binWidth >= known.to || end(bin) <= known.from) ? null : sum,
  );
  const openFrom = sums.findIndex((_, bin) => end(bin) > Math.min(known.to, to) + 1);
  return { values, openFrom: openFrom < 0 ? bins : openFrom };
}
