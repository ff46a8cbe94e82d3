import { describe, expect, it } from 'vitest';
import type { ExecutionDetail, StepBar } from '@/api/executions';
import { costOfNoStep, grouped, itemsOf, nested, runsOf, waitsOf, withWaits } from './model';
import { layOut } from './layout';

const ZERO = Date.parse('2026-11-27T10:00:00Z');
const at = (ms: number): string => new Date(ZERO + ms).toISOString();

const bar = (
  stepId: string,
  offset: number,
  duration: number,
  rest: Partial<StepBar> = {},
): StepBar => ({
  stepId,
  status: 'completed',
  attempt: 1,
  occurrence: 1,
  start: at(offset),
  end: at(offset + duration),
  offset,
  duration,
  waitDuration: 0,
  lane: 0,
  isCritical: false,
  ...rest,
});

const detail = (
  id: string,
  steps: StepBar[],
  rest: Partial<ExecutionDetail> = {},
): ExecutionDetail =>
  ({
    id,
    executionId: id,
    status: 'completed',
    timestamp: at(100),
    startedAt: at(0),
    states: [],
    children: [],
    timeline: {
      start: at(0),
      end: at(100),
      duration: 100,
      busy: 0,
      idle: 0,
      stepsTime: { working: 0, waiting: 0 },
      lanes: 1,
      steps,
      truncated: false,
    },
    ...rest,
  }) as ExecutionDetail;

describe('runs of steps', () => {
  it('puts the attempts of a step into one run that ends as the last one did', () => {
    const failed = bar('call', 0, 10, { status: 'failed' });
    const runs = runsOf([bar('call', 30, 5, { attempt: 2 }), failed], 0, '');
    expect(runs).toMatchObject([{ id: 'call#1', start: 0, end: 35, status: 'completed' }]);
    expect(runs[0]?.attempts.map(({ bar: { attempt } }) => attempt)).toEqual([1, 2]);
  });

  it('takes a step that runs again as another run', () => {
    const runs = runsOf([bar('page', 0, 10), bar('page', 20, 10)], 0, '');
    expect(runs.map(({ id }) => id)).toEqual(['page#1', 'page#2']);
  });

  it('takes an attempt that began before the last one had ended as a run of its own', () => {
    const runs = runsOf([bar('call', 0, 10), bar('call', 5, 10, { attempt: 2 })], 0, '');
    expect(runs).toHaveLength(2);
  });
});

describe('waiting', () => {
  it('is distinguished by the reported states, and from work that runs in parallel', () => {
    const waits = waitsOf({ waits: [{ offset: 50, duration: 30 }] }, 0);
    const runs = runsOf(
      [bar('a', 10, 20), bar('b', 15, 40), bar('c', 80, 5), bar('d', 90, 5)],
      0,
      '',
    );
    const found = withWaits(runs, 0, waits).map(({ wait }) => wait);
    expect(found).toEqual([
      { start: 0, end: 10, why: 'idle' },
      null,
      { start: 55, end: 80, why: 'waiting' },
      { start: 85, end: 90, why: 'idle' },
    ]);
  });
});

describe('waiting before a container', () => {
  it('is that of the container and not of what begins with it', () => {
    const runs = runsOf([bar('call', 10, 5), bar('loop', 10, 20)], 0, '');
    const found = withWaits(runs, 0, []).map(({ id, wait }) => [id, wait?.start]);
    expect(found).toEqual([
      ['loop#1', 0],
      ['call#1', undefined],
    ]);
  });
});

describe('steps together', () => {
  it('have the worst outcome of their runs, and contain them', () => {
    const runs = runsOf(
      [bar('a', 0, 5), bar('b', 5, 5), bar('a', 10, 5, { status: 'failed' })],
      0,
      '',
    );
    const items = grouped(runs, '');
    expect(items[0]).toMatchObject({
      id: 'a*',
      kind: 'group',
      start: 0,
      end: 15,
      runs: 2,
      status: 'failed',
    });
    expect(items.map(({ id, parent }) => [id, parent])).toEqual([
      ['a*', null],
      ['a#1', 'a*'],
      ['a#2', 'a*'],
      ['b#1', null],
    ]);
  });
});

describe('steps inside steps', () => {
  const within = (step: string, occurrence: number): Partial<StepBar> => ({
    parentStepId: step,
    parentOccurrence: occurrence,
  });
  const loop = [
    bar('loop', 0, 20),
    bar('call', 0, 10, within('loop', 1)),
    bar('read', 2, 4, within('call', 1)),
    bar('loop', 20, 20, { occurrence: 2 }),
    bar('call', 20, 5, { occurrence: 2, ...within('loop', 2) }),
    bar('call', 30, 5, { occurrence: 3, ...within('loop', 2) }),
    bar('lost', 40, 1, { parentStepId: 'gone', parentOccurrence: null }),
  ];

  it('stand inside the run that contains them', () => {
    const items = nested(runsOf(loop, 0, ''));
    expect(items.map(({ id, parent }) => [id, parent])).toEqual([
      ['loop#1', null],
      ['call#1', 'loop#1'],
      ['read#1', 'call#1'],
      ['loop#2', null],
      ['call#2', 'loop#2'],
      ['call#3', 'loop#2'],
      ['lost#1', null],
    ]);
  });

  it('are put together by step within what contains them', () => {
    const items = grouped(nested(runsOf(loop, 0, '')), '');
    expect(items.map(({ id, parent }) => [id, parent])).toEqual([
      ['loop*', null],
      ['loop#1', 'loop*'],
      ['loop#2', 'loop*'],
      ['call#1', 'loop#1'],
      ['read#1', 'call#1'],
      ['loop#2/call*', 'loop#2'],
      ['call#2', 'loop#2/call*'],
      ['call#3', 'loop#2/call*'],
      ['lost#1', null],
    ]);
    const { rows } = layOut(items, { open: () => true });
    expect(rows).toHaveLength(items.length);
  });

  it('stay inside when a retry continues the run of their container', () => {
    const steps = [
      bar('loop', 0, 10, { status: 'failed' }),
      bar('call', 2, 3, within('loop', 1)),
      bar('loop', 20, 10, { occurrence: 2, attempt: 2 }),
      bar('call', 22, 3, { occurrence: 2, ...within('loop', 2) }),
    ];
    const parents = nested(runsOf(steps, 0, '')).map(({ id, parent }) => [id, parent]);
    expect(parents).toEqual([
      ['loop#1', null],
      ['call#1', 'loop#1'],
      ['call#2', 'loop#1'],
    ]);
  });

  it('are folded with what contains them, and found in it', () => {
    const items = itemsOf(detail('p', loop), { byStep: false, loaded: new Map(), now: ZERO });
    const shown = (options: { closed?: string; find?: string }): string[] =>
      layOut(items, { open: ({ id }) => id !== options.closed, find: options.find }).rows.flatMap(
        (row) => row.items.map(({ id }) => id),
      );
    expect(shown({ closed: 'loop#1' })).toEqual(['loop#1', 'loop#2', 'call#2', 'call#3', 'lost#1']);
    expect(shown({ closed: 'loop#1', find: 'read' })).toEqual(['loop#1', 'call#1', 'read#1']);
  });
});

describe('what a step waited', () => {
  it('is that of all its attempts, and of all runs in a group', () => {
    const steps = [
      bar('ask', 0, 10, { status: 'failed', waitDuration: 4 }),
      bar('ask', 20, 10, { attempt: 2, waitDuration: 6 }),
      bar('ask', 40, 10, { waitDuration: null }),
    ];
    const runs = runsOf(steps, 0, '');
    expect(runs.map(({ waited }) => waited)).toEqual([10, 0]);
    expect(grouped(runs, '')[0]).toMatchObject({ id: 'ask*', waited: 10 });
  });
});

describe('called executions', () => {
  const child = {
    id: 'c',
    executionId: 'c',
    status: 'completed',
    timestamp: at(60),
    duration: 20,
    workflowId: 'w',
  };
  const arrangement = {
    byStep: false,
    loaded: new Map<string, ExecutionDetail>(),
    now: ZERO + 500,
  };

  it('stand where they ran, and contain their steps once these are loaded', () => {
    const inside = detail('c', [bar('x', 3, 5)], { startedAt: at(40) });
    inside.timeline.start = at(40);
    const loaded = new Map([['c', inside]]);
    const items = itemsOf(detail('p', [], { children: [child] }), { ...arrangement, loaded });
    expect(items.map(({ id, parent, start, end }) => [id, parent, start, end])).toEqual([
      ['execution:c', null, 40, 60],
      ['execution:c/x#1', 'execution:c', 43, 48],
    ]);
  });

  it('stand inside the step that called them, if that is known', () => {
    const caller = { ...child, stepId: 'call', occurrence: 2 };
    const steps = [bar('call', 0, 10, { occurrence: 1 }), bar('call', 30, 40, { occurrence: 2 })];
    const items = itemsOf(detail('p', steps, { children: [caller] }), arrangement);
    expect(items.find(({ kind }) => kind === 'execution')?.parent).toBe('call#2');
  });

  it('end where they would begin again', () => {
    const back = { ...child, id: 'p' };
    const loaded = new Map([['c', detail('c', [], { children: [back] })]]);
    const items = itemsOf(detail('p', [], { children: [child] }), { ...arrangement, loaded });
    expect(items.map(({ id }) => id)).toEqual(['execution:c']);
  });

  it('that have not ended reach to the present', () => {
    const open = { ...child, status: 'started', duration: null };
    const [item] = itemsOf(detail('p', [], { children: [open] }), arrangement);
    expect(item).toMatchObject({ start: 60, end: 500 });
  });
});

describe('the cost that belongs to no step', () => {
  const priced = (total: number, steps: (number | null)[], truncated = false): number | null => {
    const bars = steps.map((cost, index) => bar(`s${index}`, index, 1, { cost }));
    const { timeline } = detail('p', bars);
    const costs = { totalCost: total } as ExecutionDetail['costs'];
    return costOfNoStep({ costs, timeline: { ...timeline, truncated } });
  };

  it('is what the steps leave of the whole', () => {
    expect(priced(0.015, [0.01, null, 0.004])).toBeCloseTo(0.001, 12);
    expect(priced(0.3, [0.1, 0.2])).toBeNull();
    expect(priced(0, [])).toBeNull();
  });

  it('is unknown if steps are missing', () => {
    expect(priced(0.015, [0.01], true)).toBeNull();
  });
});
