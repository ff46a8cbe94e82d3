/**
 * The points of a series that a screen can show: of those that share a pixel column, the first, the lowest, the highest
 * and the last. A line through them colours the same pixels as a line through all, so no extreme is lost (U. Jugel et
 * al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014). Returns indices, ascending.
 */
export function thinned(
  values: (number | null)[],
  from: number,
  to: number,
  columnOf: (index: number) => number,
): number[] {
  const kept: number[] = [];
  let start = from;
  while (start < to) {
    const column = columnOf(start);
    let [low, high] = [start, start];
    let end = start;
    for (; end < to && columnOf(end) === column; end += 1) {
      if ((values[end] ?? 0) < (values[low] ?? 0)) low = end;
      if ((values[end] ?? 0) > (values[high] ?? 0)) high = end;
    }
    const last = end - 1;
    for (const index of [start, Math.min(low, high), Math.max(low, high), last]) {
      if (kept.length === 0 || index > (kept.at(-1) ?? -1)) kept.push(index);
    }
    start = end;
  }
  return kept;
}

/** The highest of the stacks that share a pixel column: its bucket stands for the column. Returns indices, ascending. */
export function tallest(sums: number[], columnOf: (index: number) => number): number[] {
  const kept: number[] = [];
  let column = NaN;
  sums.forEach((sum, index) => {
    const here = columnOf(index);
    const held = kept.at(-1) ?? -1;
    if (here !== column) kept.push(index);
    else if (sum > (sums[held] ?? 0)) kept[kept.length - 1] = index;
    column = here;
  });
  return kept;
}
