import { describe, expect, it } from 'vitest';
import { MARGIN, type ChartData, type Series } from './model';
import { plotOf } from './plot';

const HOUR = 3_600_000;
const WIDTH = MARGIN.left + MARGIN.right + 300;
const HEIGHT = MARGIN.top + MARGIN.bottom + 100;

const series = (over: Partial<Series>): Series => ({
  id: 'a',
  label: 'A',
  token: '--series-1',
  kind: 'line',
  values: [],
  ...over,
});

const data = (list: Series[], unit: ChartData['unit'] = 'count'): ChartData => ({
  starts: [0, HOUR, 2 * HOUR],
  end: 3 * HOUR,
  granularity: 'hour',
  zone: 'UTC',
  unit,
  series: list,
  completeUntil: null,
  range: { from: 0, to: 3 * HOUR },
});

const plot = (list: Series[], log = false) => plotOf(data(list), WIDTH, HEIGHT, log);

describe('the drawing of a time chart', () => {
  it('the axis starts at zero, at the foot of the plot, and ends above the highest value', () => {
    const { values } = plot([series({ values: [1, 7, 3] })]);
    expect(values[0]).toEqual({ y: MARGIN.top + 100, text: '0' });
    expect(values.at(-1)).toEqual({ y: MARGIN.top, text: '8' });
  });

  it('a line that goes below zero has an axis that does, too, and hangs its area from the zero line', () => {
    const { values, lines } = plot([series({ values: [100, 20, -150], area: true })]);
    expect(values.map(({ text }) => text)).toEqual(['-200', '-100', '0', '100']);
    const zero = values.find(({ text }) => text === '0')?.y ?? NaN;
    expect(zero).toBeCloseTo(MARGIN.top + 100 / 3);
    expect(lines[0]?.path).toMatch(/^M114 18L/);
    expect(Number(/V([\d.]+)H/.exec(lines[0]?.area ?? '')?.[1])).toBeCloseTo(zero, 1);
  });

  it('the grid of two axes is one, even if a line of the right one goes below zero', () => {
    const { values, rightValues } = plot([
      series({ values: [1, 7, 3] }),
      series({ id: 'b', axis: 'right', values: [5, -31, 9] }),
    ]);
    expect(rightValues).toHaveLength(values.length);
    expect(rightValues.map(({ y }) => y)).toEqual(values.map(({ y }) => y));
    expect(Number(rightValues[0]?.text)).toBeLessThanOrEqual(-31);
    expect(Number(rightValues.at(-1)?.text)).toBeGreaterThanOrEqual(9);
  });

  it('an axis of bytes has round figures in powers of 1,024', () => {
    const stored = data([series({ values: [0, 38 * 1024 ** 3, null] })], 'bytes');
    const { values } = plotOf(stored, WIDTH, HEIGHT, false);
    const texts = values.map(({ text }) => text.replace('\u00a0', ' '));
    expect(texts).toEqual(['0', '10 GiB', '20 GiB', '30 GiB', '40 GiB']);
    expect(values.at(-1)?.y).toBe(MARGIN.top);
  });

  it('bars of one bucket stand on each other', () => {
    const { bars } = plot([
      series({ id: 'done', kind: 'bar', values: [2, 0, null] }),
      series({ id: 'failed', kind: 'bar', values: [2, 4, null] }),
    ]);
    // 4 is the top of the axis, so 2 is half of the plot's 100 pixels.
    expect(bars[0]?.path).toBe('M90 68h48V118h-48Z');
    expect(bars[1]?.path).toBe('M90 18h48V68h-48ZM190 18h48V118h-48Z');
  });

  it('bars that do not add up stand beside each other, and the axis ends above the highest one', () => {
    const { bars, values } = plot([
      series({ id: 'p50', kind: 'beside', values: [2, null, null] }),
      series({ id: 'p95', kind: 'beside', values: [4, 1, null] }),
    ]);
    expect(values.at(-1)?.text).toBe('4');
    expect(bars[0]?.path).toBe('M75 68h39V118h-39Z');
    expect(bars[1]?.path).toBe('M114 18h39V118h-39ZM214 93h39V118h-39Z');
  });

  it('a missing value cuts a line, and a value without neighbours is a dot', () => {
    const [line] = plot([series({ values: [4, null, 4], area: true })]).lines;
    expect(line?.path).toBe('');
    expect(line?.area).toBe('');
    expect(line?.dots).toHaveLength(2);
    const [whole] = plot([series({ values: [4, 0, null], area: true })]).lines;
    expect(whole?.path).toBe('M114 18L214 118');
    expect(whole?.area).toBe('M114 18L214 118V118H114Z');
    expect(whole?.dots).toEqual([]);
  });

  it('a logarithmic axis gives every factor of ten the same room', () => {
    const { lines } = plotOf(
      data([series({ values: [10, 100, 1000] })], 'milliseconds'),
      WIDTH,
      HEIGHT,
      true,
    );
    const [low, middle, high] = [...(lines[0]?.path.matchAll(/[ML][\d.]+ ([\d.]+)/g) ?? [])].map(
      (point) => Number(point[1]),
    );
    expect(low! - middle!).toBeCloseTo(middle! - high!, 1);
    expect(low! - middle!).toBeGreaterThan(10);
  });

  it('names of lines never cover each other, one has the title, and more than five a legend', () => {
    const ends = (count: number) =>
      plot(
        Array.from({ length: count }, (_, index) =>
          series({ id: String(index), values: [1, 1, 1 + index / 1000] }),
        ),
      ).lines.flatMap(({ label }) => label?.y ?? []);
    const sorted = ends(5).sort((a, b) => a - b);
    expect(sorted).toHaveLength(5);
    sorted.slice(1).forEach((y, index) => expect(y - (sorted[index] ?? 0)).toBeGreaterThan(12));
    expect(ends(6)).toEqual([]);
    expect(ends(1)).toEqual([]);
  });

  it('a comparison is dashed and has no name at its end', () => {
    const [line] = plot([series({ values: [1, 2, 3], comparison: true })]).lines;
    expect(line).toMatchObject({ dashed: true, token: '--compare', label: null });
  });

  it('a second axis has its own unit on the grid of the first', () => {
    const two = {
      ...data([
        series({ id: 'runs', kind: 'bar', values: [1, 7, 3] }),
        series({ id: 'time', values: [400, 900, 600], axis: 'right' }),
      ]),
      rightUnit: 'milliseconds' as const,
    };
    const { values, rightValues, lines } = plotOf(two, WIDTH, HEIGHT, false);
    expect(rightValues.map(({ y }) => y)).toEqual(values.map(({ y }) => y));
    expect(rightValues.at(-1)?.text).toMatch(/s$/);
    // 400 ms is no bar of 400: each series is as high as its own axis says.
    const heights = [...(lines[0]?.path.matchAll(/[ML][\d.]+ ([\d.]+)/g) ?? [])].map(Number);
    expect(heights.every((height) => height !== MARGIN.top)).toBe(true);
    expect(plot([series({ values: [1] })]).rightValues).toEqual([]);
  });

  it('a share by the second axis ends at 100 %, whatever the first has', () => {
    for (let most = 1; most <= 60; most += 1) {
      const two = {
        ...data([
          series({ id: 'users', values: [most, 0, 1] }),
          series({ id: 'share', values: [100, 61, 0], axis: 'right' }),
        ]),
        rightUnit: 'percent' as const,
      };
      const { values, rightValues } = plotOf(two, WIDTH, HEIGHT, false);
      expect(rightValues.at(-1)?.text, `${most}`).toMatch(/^100\D/);
      expect(rightValues.map(({ y }) => y)).toEqual(values.map(({ y }) => y));
      // Halves and quarters are round, thirds are not.
      expect([2, 3, 5]).toContain(rightValues.length);
    }
  });

  it('a threshold is drawn at its value, and the axis reaches it', () => {
    const limited = {
      ...data([series({ values: [1, 2, 3] })]),
      thresholds: [{ value: 8, label: 'Limit' }],
    };
    const { values, thresholds } = plotOf(limited, WIDTH, HEIGHT, false);
    expect(thresholds).toEqual([{ y: values.at(-1)?.y, text: 'Limit' }]);
  });

  it('a logarithmic axis of other figures than durations has powers of ten', () => {
    const { values } = plotOf(
      data([series({ values: [0.02, 4, 90] })], 'usd'),
      WIDTH,
      HEIGHT,
      true,
    );
    expect(values.map(({ text }) => text)).toEqual(['$0.01', '$0.1', '$1', '$10', '$100']);
  });

  it('bars stay on an axis from zero, because their length is their value', () => {
    const { values } = plot([series({ kind: 'bar', values: [10, 1000, 1] })], true);
    expect(values[0]).toEqual({ y: MARGIN.top + 100, text: '0' });
  });

  it('without figures the axis has a few ticks, in every unit', () => {
    for (const unit of ['count', 'milliseconds', 'usd', 'percent'] as const) {
      const none = plotOf(data([series({ values: [0, 0, 0] })], unit), WIDTH, HEIGHT, false);
      expect(none.values.length).toBeLessThan(7);
    }
  });
});
