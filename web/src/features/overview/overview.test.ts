import { describe, expect, it } from 'vitest';
import type { Row } from '@/api/types';
import { answerOf } from '../answer.fixture';
import { partsOf, splitOf } from './Breakdown';
import { mostlyWaiting, slowerSteps, slowerWorkflows } from './slower';

const step = (
  name: string,
  type: string,
  count: number,
  mean: number,
  deviation: number,
  waiting = 0,
): Row => ({
  step: name,
  workflow: `w-${name}`,
  step_type: type,
  step_durations: count,
  step_duration_sum: count * mean,
  step_duration_stddev: deviation,
  step_waiting_sum: count * waiting,
});

const found = answerOf(
  [
    step('extract', 'openai', 800, 29_400, 9000),
    step('load', 'postgres', 800, 41, 30),
    step('ask', 'wait', 800, 500_000, 90_000, 499_000),
    step('decide', 'approval', 800, 500_000, 90_000, 450_000),
    step('rare', 'postgres', 19, 90_000, 10),
    step('young', 'postgres', 800, 90_000, 10),
  ],
  {
    comparison: [
      step('extract', 'openai', 800, 4800, 2000),
      step('load', 'postgres', 800, 40, 30),
      step('ask', 'wait', 800, 300_000, 90_000, 299_000),
      step('decide', 'approval', 800, 450_000, 90_000, 445_000),
      step('rare', 'postgres', 800, 10, 10),
    ],
    groups: 9,
  },
);

describe('what is slower than before', () => {
  it('is what chance does not explain, with what it added', () => {
    const { slower, compared, all } = slowerSteps(found, false);
    expect(slower.map(({ name }) => name)).toEqual(['decide', 'extract']);
    expect(slower[1]).toMatchObject({
      now: 29_400,
      before: 4800,
      ratio: 6.125,
      added: 24_600 * 800,
    });
    expect(slower[1]!.extra.lower).toBeGreaterThan(23_000);
    // 19 runs are too few, and what did not run before has no past. Three rows are not listed.
    expect([compared, all]).toEqual([4, 9]);
  });

  it('leaves out what only waits longer', () => {
    expect(slowerSteps(found, true).slower.map(({ name }) => name)).toEqual(['ask']);
    expect([...mostlyWaiting(found)]).toEqual(['w-ask', 'w-decide']);
  });

  it('is held to more, the more is compared', () => {
    // Two and a half standard errors apart: enough for one, not for a hundred.
    const pair = (id: number): [Row, Row] => {
      const row = (sum: number): Row => ({
        workflow: `w${id}`,
        durations: 100,
        duration_sum: 100 * sum,
        duration_stddev: 10,
      });
      return [row(103.54), row(100)];
    };
    const slowerOf = (count: number): number => {
      const pairs = Array.from({ length: count }, (_, id) => pair(id));
      const answer = answerOf(
        pairs.map(([now]) => now),
        { comparison: pairs.map(([, before]) => before) },
      );
      return slowerWorkflows(answer).slower.length;
    };
    expect([slowerOf(1), slowerOf(100)]).toEqual([1, 0]);
  });
});

describe('what a figure is made of', () => {
  const failures = splitOf('failed')!;

  it('ends with what is not listed', () => {
    const answer = answerOf(
      [
        { step_type: 'hubspot', steps_failed: 152, steps: 553 },
        { step_type: null, steps_failed: 3, steps: 300 },
        { step_type: 'set', steps_failed: 0, steps: 900 },
      ],
      {
        comparison: [{ step_type: 'hubspot', steps_failed: 12, steps: 500 }],
        other: { rows: [{ groups: 28, steps_failed: 30, steps: 3000 }], comparison: [] },
      },
    );
    const parts = partsOf(answer, failures);
    expect(parts.map(({ name, value, before }) => [name, value, before])).toEqual([
      ['hubspot', 152, 12],
      ['No type', 3, 0],
      [null, 30, 0],
    ]);
    expect(parts[0]!.share).toBeCloseTo(27.49, 1);
    expect(parts[2]).toMatchObject({ groups: 28, share: 1 });
  });

  it('is its share of the whole, unless the share of its own says more', () => {
    const answer = answerOf([
      { model: 'o1', cost: 45 },
      { model: 'mini', cost: 5 },
    ]);
    const parts = partsOf(answer, splitOf('cost')!);
    expect(parts.map(({ share, before }) => [share, before])).toEqual([
      [90, null],
      [10, null],
    ]);
  });

  it('is durations for what has no parts', () => {
    expect([splitOf('executions'), splitOf('duration_p95')]).toEqual([undefined, undefined]);
  });
});
