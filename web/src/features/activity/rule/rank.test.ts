import { describe, expect, it } from 'vitest';
import type { ScoredUser } from '@/api/activity';
import { countedDays, levelsOf, rankedBy, ruleFrom, scoreBy, type Rule } from './rank';

const RULE: Rule = {
  weights: { recency: 25, frequency: 35, depth: 20, breadth: 20 },
  targets: { daysPerWeek: 5, minutesPerDay: 30, features: 5 },
};

const user = (userId: string, more: Partial<ScoredUser>): ScoredUser =>
  ({
    userId,
    recency: 0.5,
    activeDays: 5,
    activeTimeMs: 0,
    features: 0,
    score: 0,
    ...more,
  }) as ScoredUser;

describe('a score by another rule', () => {
  it('is the weighted mean of the parts, each from 0 to 1', () => {
    // 0.5 recency, 5 of 10 days, 15 of 30 minutes a day, 8 of 5 features.
    const one = user('a', { activeTimeMs: 5 * 15 * 60_000, features: 8 });
    expect(scoreBy(one, RULE, 14)).toBeCloseTo(0.5 * 25 + 0.5 * 35 + 0.5 * 20 + 20);
    // Only proportions matter.
    const twice = { ...RULE, weights: { recency: 50, frequency: 70, depth: 40, breadth: 40 } };
    expect(scoreBy(one, twice, 14)).toBeCloseTo(scoreBy(one, RULE, 14));
    const targets = { ...RULE.targets, features: 16 };
    expect(scoreBy(one, { ...RULE, targets }, 14)).toBeCloseTo(scoreBy(one, RULE, 14) - 10);
  });

  it('moves users', () => {
    const users = [
      user('steady', { recency: 0, activeDays: 14, score: 40 }),
      user('recent', { recency: 1, activeDays: 1, score: 30 }),
    ];
    const weights = { recency: 1, frequency: 0, depth: 0, breadth: 0 };
    const ranked = rankedBy(users, { ...RULE, weights }, 14);
    expect(ranked).toEqual([
      { userId: 'recent', rank: 1, moved: 1, now: 30, then: 100 },
      { userId: 'steady', rank: 2, moved: -1, now: 40, then: 0 },
    ]);
    expect(levelsOf(ranked)).toEqual({ high: 1, medium: 0, low: 1 });
  });

  it('counts the days of a range up to the end of the current hour', () => {
    const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-08T00:00:00Z' };
    const at = (time: string): number => countedDays({ range }, Date.parse(time));
    expect(at('2026-01-05T11:20:00Z')).toBe(4.5);
    expect(at('2026-02-01T00:00:00Z')).toBe(7);
  });
});

it('a rule needs weights of which one counts, and targets above 0', () => {
  const typed: Record<string, string> = {
    recency: '1',
    frequency: '0',
    depth: '0',
    breadth: '0',
    daysPerWeek: '5',
    minutesPerDay: '7,5',
    features: '3',
  };
  const with_ = (patch: Record<string, string>) =>
    ruleFrom((name) => ({ ...typed, ...patch })[name] ?? '');
  expect(with_({})?.targets.minutesPerDay).toBe(7.5);
  expect(with_({ recency: '0' })).toBeNull();
  expect(with_({ recency: '-1', depth: '3' })).toBeNull();
  expect(with_({ depth: '' })).toBeNull();
  expect(with_({ features: '0' })).toBeNull();
});
