import { describe, expect, it } from 'vitest';
import { MARGIN, type ChartData } from './model';
import { plotOf } from './plot';
import { tallest, thinned } from './thin';

/** Numbers that look random and are the same in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Case {
  values: number[];
  columnOf: (index: number) => number;
}

/** Series of every length up to 300 points, on plots of 1 to 60 pixels. */
const cases: Case[] = Array.from({ length: 120 }, (_, seed) => {
  const next = random(seed);
  const length = 1 + Math.floor(next() * 300);
  const columns = 1 + Math.floor(next() * 60);
  return {
    values: Array.from({ length }, () => Math.floor(next() * 1000) - (seed % 3) * 300),
    columnOf: (index) => Math.floor((index / length) * columns),
  };
});

const byColumn = ({ columnOf }: Case, indices: number[]): Map<number, number[]> => {
  const columns = new Map<number, number[]>();
  for (const index of indices) {
    const held = columns.get(columnOf(index));
    if (held) held.push(index);
    else columns.set(columnOf(index), [index]);
  }
  return columns;
};

describe('thinning a line', () => {
  it('keeps first, last, lowest and highest of every pixel column, in order, and at most four points', () => {
    for (const one of cases) {
      const { values, columnOf } = one;
      const kept = thinned(values, 0, values.length, columnOf);
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      const all = byColumn(one, [...values.keys()]);
      const thin = byColumn(one, kept);
      expect([...thin.keys()]).toEqual([...all.keys()]);
      for (const [column, indices] of all) {
        const held = thin.get(column) ?? [];
        const level = (list: number[]): number[] => list.map((index) => values[index] ?? NaN);
        const ends = (list: number[]): unknown[] => [
          list[0],
          list.at(-1),
          Math.min(...level(list)),
          Math.max(...level(list)),
        ];
        expect(ends(held)).toEqual(ends(indices));
        expect(held.length).toBeLessThanOrEqual(4);
      }
    }
  });

  it('keeps every point that has a column of its own', () => {
    expect(thinned([3, 1, 2], 0, 3, (index) => index)).toEqual([0, 1, 2]);
  });
});

describe('thinning bars', () => {
  it('keeps the highest stack of every pixel column', () => {
    for (const one of cases) {
      const kept = tallest(one.values, one.columnOf);
      const all = byColumn(one, [...one.values.keys()]);
      expect(kept.map(one.columnOf)).toEqual([...all.keys()]);
      const highest = [...all.values()].map((indices) =>
        Math.max(...indices.map((index) => one.values[index] ?? 0)),
      );
      expect(kept.map((index) => one.values[index])).toEqual(highest);
    }
  });
});

describe('a chart of 50,000 points', () => {
  const COUNT = 50_000;
  const next = random(7);
  const data: ChartData = {
    starts: Array.from({ length: COUNT }, (_, index) => index * 60_000),
    end: COUNT * 60_000,
    granularity: 'minute',
    zone: 'Europe/Amsterdam',
    unit: 'count',
    series: (['bar', 'line'] as const).map((kind) => ({
      id: kind,
      label: kind,
      token: '--series-1',
      kind,
      values: Array.from({ length: COUNT }, () =>
        next() < 0.01 ? null : Math.floor(next() * 500),
      ),
    })),
    completeUntil: null,
    range: { from: 0, to: COUNT * 60_000 },
  };

  it('draws no more than its pixels, and labels days', () => {
    const pixels = 1000;
    const plot = plotOf(data, pixels + MARGIN.left + MARGIN.right, 260, false);
    expect(plot.bars[0]?.path.split('M').length).toBeLessThanOrEqual(pixels + 2);
    const points = (plot.lines[0]?.path.match(/[ML]/g) ?? []).length;
    expect(points).toBeGreaterThan(pixels);
    // Four to a column, and as many again where gaps cut the line.
    expect(points).toBeLessThan(pixels * 8);
    expect(plot.times.map(({ text }) => text)).toContain('5 Jan');
  });
});
