import { describe, expect, it } from 'vitest';
import type { Budget, CostForecast, Costs } from '@/api/costs';
import type { Catalog } from '@/api/types';
import { incomplete, type ChartData } from '@/components/chart/model';
import { plotOf } from '@/components/chart/plot';
import { answerOf } from '../answer.fixture';
import { budgetLines, withForecast, withLimits } from './ahead';
import { thresholdText, usedToken } from './Budgets';
import { costsSearch, dayOf, periodOf, toggled } from './search';
import { chosenSplit, splitsOf } from './splits';
import { kindsOf } from './Tokens';
import { missingPrices } from './Unpriced';

const DAY = 86_400_000;
const MON = Date.parse('2026-11-23T00:00:00Z');
const BOUNDS = { from: MON + 9 * 3_600_000, to: MON + 2 * DAY };

const stack: ChartData = {
  starts: [MON, MON + DAY],
  end: MON + 2 * DAY,
  granularity: 'day',
  zone: 'UTC',
  unit: 'usd',
  series: [{ id: 'model a', label: 'a', token: '--series-1', kind: 'bar', values: [3, 1] }],
  completeUntil: MON + 1.5 * DAY,
  range: { from: MON, to: MON + 2 * DAY },
};

const at = (day: number): string => new Date(MON + day * DAY).toISOString();

const forecast = {
  today: { time: at(1), actual: 1, expected: { value: 2, lower: 1, upper: 4 } },
  forecast: [2, 3].map((day) => ({ time: at(day), value: 2, lower: 0.5, upper: 5 })),
} as CostForecast;

describe('the forecast', () => {
  it('continues daily costs that end today, from what today is expected to cost', () => {
    const data = withForecast(stack, forecast);
    expect(data.starts).toEqual([0, 1, 2, 3].map((day) => MON + day * DAY));
    expect(data.end).toBe(MON + 4 * DAY);
    expect(data.series.map(({ id, values }) => [id, values])).toEqual([
      ['model a', [3, 1, null, null]],
      ['forecast_upper', [null, 4, 5, 5]],
      ['forecast_value', [null, 2, 2, 2]],
      ['forecast_lower', [null, 1, 0.5, 0.5]],
    ]);
    expect([0, 1, 2, 3].map((index) => incomplete(data, index))).toEqual([
      null,
      'not yet complete',
      'a forecast',
      'a forecast',
    ]);
  });

  it('is a band between its bounds', () => {
    const { lines } = plotOf(withForecast(stack, forecast), 600, 200, false);
    const [upper, value] = lines;
    expect(value?.band).toBeNull();
    // Three points above and three below.
    expect(upper?.band?.match(/[ML]/g)).toHaveLength(6);
    expect(lines.every(({ dashed }) => dashed)).toBe(true);
  });

  it('continues nothing that ends before today, or whose bars are no days', () => {
    const yesterday = { ...stack, starts: [MON - DAY, MON] };
    expect(withForecast(yesterday, forecast)).toBe(yesterday);
    const hours: ChartData = { ...stack, granularity: 'hour' };
    expect(withForecast(hours, forecast)).toBe(hours);
    expect(withForecast(stack, { ...forecast, forecast: [] })).toBe(stack);
  });
});

describe('budgets', () => {
  const budget = {
    name: 'Models',
    level: 'project',
    metric: 'cost',
    amount: 6,
    period: 'day',
    timezone: 'UTC',
  } as Budget;
  const view = { env: undefined, workflows: [], zone: 'UTC' };

  it('are lines where they limit what the bars show', () => {
    const line = [{ value: 6, label: 'Budget: Models' }];
    expect(budgetLines([budget], view, 'day')).toEqual(line);
    const workflow: Budget = { ...budget, level: 'workflow', workflowId: 'w' };
    expect(budgetLines([workflow], { ...view, workflows: ['w'] }, 'day')).toEqual(line);
    expect(budgetLines([budget], { ...view, zone: 'Asia/Tokyo' }, 'day')[0]?.label).toBe(
      'Budget: Models (days in UTC)',
    );
  });

  it('are none where they limit something else', () => {
    const others: Budget[] = [
      { ...budget, period: 'month' },
      { ...budget, metric: 'credits' },
      { ...budget, level: 'tenant' },
      { ...budget, level: 'workflow', workflowId: 'w' },
    ];
    expect(budgetLines(others, view, 'day')).toEqual([]);
    expect(budgetLines([budget], { ...view, env: 'test' }, 'day')).toEqual([]);
    expect(budgetLines([budget], { ...view, workflows: ['w'] }, 'day')).toEqual([]);
  });

  it('that are far above the bars leave them legible', () => {
    const lines = [6, 600].map((value) => ({ value, label: '' }));
    expect(withLimits(stack, lines).thresholds).toEqual([lines[0]]);
  });

  it('say how far they are used, and which alerts they raised', () => {
    const standing = (spentPct: number, percent: number) =>
      usedToken({ spentPct, forecast: { percent } } as Budget['current']);
    expect([standing(50, 80), standing(50, 120), standing(100, 120)]).toEqual([
      '--accent',
      '--waiting',
      '--failed',
    ]);
    expect(thresholdText({ basis: 'forecast', percent: 80, firedAt: null })).toMatch(
      /80\.0.% expected, not reached/,
    );
    expect(thresholdText({ basis: 'actual', percent: 100, firedAt: at(0) })).toMatch(
      /100.% spent, reached/,
    );
  });
});

describe('the URL', () => {
  it('keeps a dimension and a day, and drops the rest', () => {
    expect(costsSearch({ split: 'metadata.client', day: '2026-11-23' })).toEqual({
      split: 'metadata.client',
      day: '2026-11-23',
    });
    expect(costsSearch({ split: 'DROP TABLE', day: 'monday' })).toEqual({});
    // The default needs no parameter.
    expect(costsSearch({ split: 'model' })).toEqual({});
    const days = ['2026-11-23', 'friday', '2026-11-20', '2026-11-23'];
    expect(costsSearch({ leaveOut: days }).leaveOut).toEqual(['2026-11-20', '2026-11-23']);
    expect(costsSearch({ leaveOut: '2026-11-23' }).leaveOut).toEqual(['2026-11-23']);
  });

  it('leaves a day out of the forecast, and takes it back', () => {
    const one = toggled(undefined, '2026-11-23');
    expect(toggled(one, '2026-11-20')).toEqual(['2026-11-20', '2026-11-23']);
    expect(toggled(one, '2026-11-23')).toBeUndefined();
  });

  it('opens a day or the bucket that begins on it, cut like the range of the page', () => {
    const view = { zone: 'UTC', bounds: BOUNDS, granularity: 'day' } as const;
    const period = { from: BOUNDS.from, to: MON + DAY, granularity: 'day' };
    expect(periodOf('2026-11-23', view)).toEqual(period);
    expect(periodOf('2026-11-23', { ...view, granularity: 'hour' })).toEqual(period);
    expect(periodOf('2026-11-23', { ...view, granularity: 'week' })).toEqual({
      ...BOUNDS,
      granularity: 'week',
    });
    expect(periodOf('2026-11-25', view)).toBeNull();
    expect(periodOf('2026-02-31', view)).toBeNull();
    expect(periodOf(undefined, view)).toBeNull();
  });

  it('names a day as the zone of the page has it', () => {
    expect(dayOf(Date.parse('2026-11-22T23:30:00Z'), 'Europe/Berlin')).toBe('2026-11-23');
  });
});

describe('splits', () => {
  const catalog = {
    metrics: [{ name: 'cost', dimensions: ['workflow', 'model', 'action_type'] }],
    dimensions: [
      { name: 'model', label: 'Model' },
      { name: 'workflow', label: 'Workflow' },
      { name: 'action_type', label: 'Action type' },
    ],
  } as unknown as Catalog;
  const declared = { dimensions: [{ name: 'metadata.client', label: 'Client', key: 'client' }] };
  const splits = splitsOf(catalog, declared as Parameters<typeof splitsOf>[1], ['workflow']);

  it('are the dimensions of costs and those that the project declares', () => {
    expect(splits.map(({ dimension, title }) => [dimension, title])).toEqual([
      ['model', 'By model'],
      ['action_type', 'By action type'],
      ['metadata.client', 'By \u2068Client\u2069'],
    ]);
  });

  it('fall back to the model only when it is known that there is no such dimension', () => {
    expect(chosenSplit(splits, 'metadata.client', true).dimension).toBe('metadata.client');
    expect(chosenSplit(splits, 'metadata.shop', true).dimension).toBe('model');
    expect(chosenSplit(splits, 'metadata.shop', false).dimension).toBe('metadata.shop');
    expect(chosenSplit([], undefined, false).dimension).toBe('model');
  });
});

it('tokens count once: caches are part of the input, reasoning of the output', () => {
  const figures = {
    inputTokens: 100,
    cacheReadTokens: 30,
    cacheWriteTokens: 20,
    outputTokens: 10,
    reasoningTokens: 4,
  } as Costs['current'];
  expect(kindsOf(figures)).toEqual([
    ['fresh', 50],
    ['cacheWrite', 20],
    ['cacheRead', 30],
    ['answer', 6],
    ['reasoning', 4],
  ]);
});

it('prices that are missing are listed by provider and model, and the rest is summed', () => {
  const answer = answerOf(
    [
      { provider: 'acme', model: 'large', unpriced_records: 5 },
      { provider: 'acme', model: null, unpriced_records: 2 },
      { provider: 'acme', model: 'small', unpriced_records: 0 },
    ],
    { other: { rows: [{ groups: 4, unpriced_records: 3 }] } },
  );
  expect(
    missingPrices(answer).map(({ provider, model, records }) => [provider, model, records]),
  ).toEqual([
    ['acme', 'large', 5],
    ['acme', 'No model', 2],
    ['Others', '', 3],
  ]);
});
