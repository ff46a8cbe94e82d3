import { describe, expect, it } from 'vitest';
import type { MetricInfo } from '@/api/types';
import { overlayable } from './overlay';

const UNITS: Record<string, MetricInfo['unit']> = {
  duration_p50: 'milliseconds',
  duration_p95: 'milliseconds',
  cost: 'usd',
};
const info = (name: string) => ({ name, unit: UNITS[name] ?? 'count' }) as MetricInfo;
const over = (...wanted: string[]) => {
  const { metrics, rightUnit } = overlayable(wanted, info, { unit: 'count', name: 'executions' });
  return { names: metrics.map(({ name }) => name), rightUnit };
};

describe('figures laid over a chart', () => {
  it('share its axis, or a second one', () => {
    expect(over('steps')).toEqual({ names: ['steps'], rightUnit: undefined });
    expect(over('duration_p95', 'duration_p50', 'users')).toEqual({
      names: ['duration_p95', 'duration_p50', 'users'],
      rightUnit: 'milliseconds',
    });
  });

  it('a third unit has no axis; what the chart draws already and what is no figure is left out', () => {
    expect(over('cost', 'duration_p50', 'executions', 'nonsense').names).toEqual(['cost']);
  });

  it('are at most three', () => {
    expect(over('failed', 'steps', 'users', 'activities').names).toHaveLength(3);
  });
});
