import { describe, expect, it } from 'vitest';
import {
  differenceOf,
  differenceOfMeans,
  normalQuantile,
  shareBounds,
  studentQuantile,
} from './chance';

describe('quantiles', () => {
  it('agree with the printed tables of the normal and of the t distribution', () => {
    expect(normalQuantile(0.025)).toBeCloseTo(1.96, 3);
    expect(normalQuantile(0.005)).toBeCloseTo(2.5758, 3);
    expect(normalQuantile(0.00001)).toBeCloseTo(4.2649, 2);
    expect(studentQuantile(0.025, 20)).toBeCloseTo(2.086, 2);
    expect(studentQuantile(0.025, 38)).toBeCloseTo(2.0244, 2);
    expect(studentQuantile(0.005, 30)).toBeCloseTo(2.75, 2);
  });
});

describe('the difference of means', () => {
  const sample = (mean: number, count = 100) => ({ count, mean, deviation: 10 });

  it('has the bounds of Welch’s test', () => {
    const found = differenceOfMeans(sample(105), sample(100), 1);
    // sqrt(2) standard errors of 1, and t(198) at 97.5 %: 1.972.
    expect(found.value).toBe(5);
    expect(found.lower).toBeCloseTo(5 - 1.972 * Math.SQRT2, 2);
    expect(found.upper).toBeCloseTo(5 + 1.972 * Math.SQRT2, 2);
  });

  it('is held to more, the more is compared', () => {
    expect(differenceOfMeans(sample(104), sample(100), 1).lower).toBeGreaterThan(0);
    expect(differenceOfMeans(sample(104), sample(100), 1000).lower).toBeLessThan(0);
  });

  it('of values that never differ is exact', () => {
    const still = (mean: number) => ({ count: 30, mean, deviation: 0 });
    expect(differenceOfMeans(still(7), still(5), 100)).toEqual({ value: 2, lower: 2, upper: 2 });
  });
});

describe('shares', () => {
  it('have Wilson’s bounds', () => {
    const { lower, upper } = shareBounds(15, 148);
    // Newcombe (1998), table I: 15/148 has 0.0624 to 0.1605.
    expect(lower).toBeCloseTo(0.0624, 3);
    expect(upper).toBeCloseTo(0.1605, 3);
    expect(shareBounds(0, 20).lower).toBeCloseTo(0, 6);
  });

  it('differ within Newcombe’s bounds', () => {
    // Newcombe (1998), table II (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
    const { lower, upper } = differenceOf(shareBounds(56, 70), shareBounds(48, 80));
    expect(lower).toBeCloseTo(0.0524, 3);
    expect(upper).toBeCloseTo(0.3339, 3);
  });
});
