import { describe, expect, it } from 'vitest';
import { colorsOf, COLORS } from './colors';
import { graphOf } from './graph';
import { SMALL_MAP, stepNode } from './map.fixture';
import { measureOf, shadeOf, SHADES, tintsOf, waitScale, widthOf } from './scale';

describe('widths and tints', () => {
  it('grow with the frequency, and leave rare arrows visible', () => {
    const widths = [0, 1, 10, 500, 1000].map((weight) => widthOf(weight, 1000));
    expect(widths).toEqual(widths.toSorted((a, b) => a - b));
    expect(widths[0]).toBeGreaterThan(1);
    expect(widthOf(5, 0)).toBe(widths[0]);
  });

  it('state the figure of each overlay, and none where there is none', () => {
    const node = stepNode('a', 200, { failedRuns: 5, cost: 3 });
    expect(measureOf(node, 'frequency')).toEqual({ value: 200, unit: 'count' });
    expect(measureOf(node, 'time')).toEqual({ value: 30_000, unit: 'milliseconds' });
    expect(measureOf(node, 'cost')).toEqual({ value: 3, unit: 'usd' });
    expect(measureOf(node, 'failures')).toEqual({ value: 2.5, unit: 'percent' });
    expect(measureOf(stepNode('a', 0), 'failures').value).toBeNull();
  });

  it('compare a step with the one that has most', () => {
    const tints = tintsOf(graphOf(SMALL_MAP), 'frequency');
    expect(tints.get('step:a')).toBe(1);
    expect(tints.get('step:b')).toBeCloseTo(0.94);
    expect(tints.has('start')).toBe(false);
    expect([...tintsOf(graphOf(SMALL_MAP), 'failures').values()]).toEqual([0, 0]);
  });
});

describe('the shades of waiting', () => {
  it('put no waiting in the first and the longest in the last', () => {
    const scale = waitScale([0, 40, 5000, 90_000, 7_200_000], 100);
    expect(shadeOf(0, scale)).toBe(0);
    expect(shadeOf(null, scale)).toBe(0);
    expect(shadeOf(7_200_000, scale)).toBe(SHADES);
    const shades = [40, 5000, 90_000, 7_200_000].map((wait) => shadeOf(wait, scale));
    expect(shades).toEqual(shades.toSorted((a, b) => a - b));
    expect(scale.from).toEqual(scale.from.toSorted((a, b) => a - b));
  });

  it('begin at durations that a person would say', () => {
    for (const begin of waitScale([61_234, 86_523_000], 0).from) {
      const whole = [86_400_000, 3_600_000, 60_000, 1000].some(
        (unit) => begin >= unit && begin % unit === 0,
      );
      expect(whole, String(begin)).toBe(true);
    }
  });

  it('are few where waits differ little, and every wait worth a shade has one', () => {
    const alike = waitScale([100_000, 110_000, 140_000], 1000);
    expect(alike.from).toEqual([60_000]);
    expect(shadeOf(100_000, alike)).toBe(SHADES);
    const two = waitScale([100_000, 200_000], 1000);
    expect(two.from).toHaveLength(2);
    expect(shadeOf(200_000, two)).toBe(SHADES);
    for (const waits of [
      [1, 3, 9, 27, 81, 243],
      [999, 1001, 59_000],
      [1.7, 2.9],
    ]) {
      const scale = waitScale(waits, 0);
      expect(new Set(scale.from).size).toBe(scale.from.length);
      for (const wait of waits) expect(shadeOf(wait, scale), String(wait)).toBeGreaterThan(0);
    }
  });

  it('are none where nothing waits long, compared with what the steps take', () => {
    expect(waitScale([0, 0], 0).from).toEqual([]);
    expect(waitScale([11, 14], 6000).from).toEqual([]);
    expect(shadeOf(14, waitScale([11, 14], 6000))).toBe(0);
  });
});

describe('the colours of steps', () => {
  const steps = Array.from({ length: 12 }, (_, index) => ({ id: `s${index}`, runs: 100 - index }));

  it('are different for the eight most frequent, and none for the others', () => {
    const colors = colorsOf(steps);
    expect([...colors.keys()].toSorted()).toEqual(steps.slice(0, COLORS).map(({ id }) => id));
    expect(new Set(colors.values()).size).toBe(COLORS);
  });

  it('stay the same when the steps change their order', () => {
    const busier = steps.map((step, index) => ({
      ...step,
      runs: index < COLORS ? 100 + index : step.runs,
    }));
    expect(colorsOf(busier)).toEqual(colorsOf(steps));
  });
});
