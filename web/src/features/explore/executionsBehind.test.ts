import { describe, expect, it } from 'vitest';
import type { Filter, MetricInfo } from '@/api/types';
import { answerOf } from '../answer.fixture';
import { behind } from './executionsBehind';

const metric = (name: string, family: string): MetricInfo =>
  ({ name, family, unit: 'count' }) as MetricInfo;
const EXECUTIONS = metric('executions', 'executions');
const dimension = (name: string) => ({ name, label: name, declared: false });

const answered = (filters: Filter[], granularity?: 'day') => {
  const answer = answerOf([], { granularity });
  return { ...answer, query: { ...answer.query, filters } };
};

describe('the executions behind a figure', () => {
  it('are those of its group and of the conditions of the query', () => {
    const answer = answered([
      { dimension: 'environment', op: 'in', values: ['production'] },
      { dimension: 'trigger_type', op: 'in', values: ['webhook'] },
    ]);
    const row = { workflow: 'loan', executions: 3 };
    expect(behind(answer, [dimension('workflow')], row, EXECUTIONS)).toEqual({
      workflow: 'loan',
      trigger: ['webhook'],
    });
  });

  it('have the state that the metric counts, and ran in the bucket', () => {
    const row = { time: '2026-01-02T00:00:00Z' };
    const filters = behind(answered([], 'day'), [], row, metric('failed', 'executions'));
    expect(filters?.status).toBe('failed');
    expect(filters?.during?.from).toBeLessThan(filters?.during?.to ?? 0);
  });

  it('failed at the step, where the metric counts failed steps', () => {
    const row = { step_type: 'crm' };
    const groups = [dimension('step_type')];
    expect(behind(answered([]), groups, row, metric('steps_failed', 'steps'))).toEqual({
      failedStepType: 'crm',
    });
    expect(behind(answered([]), groups, row, metric('steps', 'steps'))).toEqual({
      stepType: 'crm',
    });
  });

  it('are unknown where the list has no such filter', () => {
    const model = [dimension('model')];
    expect(behind(answered([]), model, { model: 'small' }, EXECUTIONS)).toBeNull();
    expect(
      behind(answered([]), [dimension('workflow')], { workflow: null }, EXECUTIONS),
    ).toBeNull();
    const others = [{ dimension: 'workflow', op: 'not_in' as const, values: ['loan'] }];
    expect(behind(answered(others), [], {}, EXECUTIONS)).toBeNull();
    const two = [{ dimension: 'user', op: 'in' as const, values: ['a', 'b'] }];
    expect(behind(answered(two), [], {}, EXECUTIONS)).toBeNull();
    expect(behind(answered([]), [], {}, metric('documents', 'documents'))).toBeNull();
  });
});
