import { describe, expect, it } from 'vitest';
import type { Catalog, MetricInfo, Row } from '@/api/types';
import { ApiError } from '@/api/client';
import { parseSearch, stringifySearch } from '@/lib/search';
import { answerOf, FRAME } from '../answer.fixture';
import { listExplored } from '../executions/list/explored';
import type { CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { catalogueOf, titleOf } from './catalogue';
import { merged } from './Filters';
import { groupsChart, kindOf, metricsChart, panelsOf } from './panels';
import { drawnOf, frameParams, queryOf, searchOf } from './query';
import { refusalOf } from './refused';
import { bodyOf, curlOf } from './request';
import { linesOf } from './rows';
import { exploreSearch, filtersOf, whereOf } from './search';
import { startersOf } from './starters';

const SUMS: MetricInfo['unit'][] = ['count', 'usd'];

const metric = (name: string, unit: MetricInfo['unit'], dimensions: string[] = []): MetricInfo => ({
  name,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  unit,
  dimensions,
  description: '',
  family: '',
  goodDirection: 'neutral',
  additive: SUMS.includes(unit) && name !== 'users',
});

const [COUNT, COST, P95] = [
  metric('executions', 'count'),
  metric('cost', 'usd'),
  metric('duration_p95', 'milliseconds'),
];
const WORKFLOW = { name: 'workflow', label: 'Workflow', description: '', declared: false };
const CLIENT = { name: 'metadata.client', label: 'Client', declared: true };

/** What the URL keeps of a query. */
const through = (query: CardQuery): CardQuery | undefined => {
  const written = stringifySearch(searchOf({ query }) as Record<string, unknown>);
  const { compare } = query;
  const granularity = query.granularity ?? 'day';
  return queryOf(exploreSearch(parseSearch(written)), {
    granularity,
    compare: compare ?? undefined,
  });
};

describe('the query in the URL', () => {
  it('is that of the card that it was opened from', () => {
    const queries: CardQuery[] = [
      { metrics: ['executions'], granularity: 'hour', totals: true },
      { metrics: ['cost', 'api_calls'], compare: 'previous_period' },
      {
        metrics: ['errors'],
        dimensions: ['error_type', 'workflow'],
        orderBy: [{ metric: 'errors', direction: 'desc' }],
        limit: 10,
        limitEach: 1,
        other: true,
      },
      {
        metrics: ['cost'],
        dimensions: ['metadata.client'],
        filters: [
          { dimension: 'status', op: 'in', values: ['failed', 'a:b', null] },
          { dimension: 'metadata.a:b%', op: 'not_in', values: ['x'] },
        ],
        orderBy: [{ dimension: 'metadata.client', direction: 'asc' }],
        limit: 2000,
      },
    ];
    for (const query of queries) expect(through(query)).toEqual(query);
  });

  it('drops what is not valid, and asks nothing without a metric', () => {
    const search = exploreSearch({
      metric: ['executions', 'a b', ''],
      group: 'work-flow',
      where: 'status',
      over: 'day',
      chart: 'pie',
      limit: '0',
      each: 'x',
      sort: 'cost',
    });
    expect(Object.values(search).filter((value) => value !== undefined)).toEqual([['executions']]);
    expect(queryOf(exploreSearch({}), FRAME)).toBeUndefined();
  });

  it('draws no more groups over time than there are colours, lists them all, and compares none', () => {
    const search = { metric: ['cost'], group: ['model'], limit: 50 };
    const query = queryOf(search, { granularity: 'day', compare: 'previous_period' });
    expect(query).toMatchObject({ limit: 50, granularity: 'day', other: true });
    expect(drawnOf(query ?? { metrics: [] })).toEqual({ ...query, limit: 8 });
    const few = { metrics: ['cost'], dimensions: ['model'], granularity: 'day' as const, limit: 5 };
    expect(drawnOf(few)).toBe(few);
    const whole = { metrics: ['cost'], dimensions: ['model'], limit: 20 };
    expect(drawnOf(whole)).toBe(whole);
    expect(query).not.toHaveProperty('compare');
    expect(query).not.toHaveProperty('totals');
  });

  it('keeps the range, the filters and the buckets of the card', () => {
    const frame = { ...FRAME, env: 'production', workflows: ['loan'] };
    const params = frameParams(frame, { metrics: ['steps'], granularity: 'week' });
    expect(params).toMatchObject({
      range: '7d',
      env: 'production',
      workflow: ['loan'],
      by: 'week',
    });
    expect(frameParams(frame, { metrics: ['steps'], granularity: 'day' })).not.toHaveProperty('by');
  });

  it('joins values of one dimension and operator', () => {
    const where = ['status:failed', '!status:crashed', 'status:canceled', 'user:'];
    const filters = filtersOf(where);
    expect(filters).toEqual([
      { dimension: 'status', op: 'in', values: ['failed', 'canceled'] },
      { dimension: 'status', op: 'not_in', values: ['crashed'] },
      { dimension: 'user', op: 'in', values: [null] },
    ]);
    expect(filtersOf(whereOf(filters))).toEqual(filters);
    const next = { dimension: 'user', op: 'in' as const, values: ['ada', null] };
    expect(merged(filters, next)[2]?.values).toEqual([null, 'ada']);
  });
});

describe('the list of executions', () => {
  it('is counted by status, with its filters', () => {
    const found = listExplored(
      { status: 'failed,crashed', trigger: 'webhook', metadata: ['client=acme'] },
      'hour',
    );
    expect(found?.query).toMatchObject({ dimensions: ['status'], granularity: 'hour' });
    expect(found?.query.filters).toEqual([
      { dimension: 'status', op: 'in', values: ['failed', 'crashed'] },
      { dimension: 'trigger_type', op: 'in', values: ['webhook'] },
      { dimension: 'metadata.client', op: 'in', values: ['acme'] },
    ]);
  });

  it('is not counted if a filter would be lost', () => {
    expect(listExplored({ status: 'failed', minDuration: '100' }, 'day')).toBeNull();
    expect(listExplored({ fromStep: 'a', toStep: 'b' }, 'day')).toBeNull();
  });
});

describe('charts', () => {
  it('have two units at most, and one metric where there are groups', () => {
    const metrics = [COUNT, P95, COST, metric('failed', 'count')];
    const names = (grouped: boolean): string[][] =>
      panelsOf(metrics, grouped).map((panel) => panel.map(({ name }) => name));
    expect(names(false)).toEqual([['executions', 'duration_p95', 'failed'], ['cost']]);
    expect(names(true)).toEqual([['executions'], ['duration_p95'], ['cost'], ['failed']]);
  });

  it('put bars on each other only if they add up', () => {
    expect(kindOf([COUNT], undefined)).toBe('bars');
    expect(kindOf([COUNT, metric('failed', 'count')], undefined)).toBe('line');
    expect(kindOf([P95], undefined)).toBe('line');
    const answer = answerOf([], { granularity: 'day' });
    const kinds = (metrics: MetricInfo[]): string[] =>
      metricsChart(answer, metrics, 'bars', undefined).series.map(({ kind }) => kind);
    expect(kinds([COUNT, metric('failed', 'count')])).toEqual(['bar', 'bar']);
    expect(kinds([COUNT, P95])).toEqual(['bar', 'line']);
    expect(kinds([P95, metric('duration_p50', 'milliseconds')])).toEqual(['beside', 'beside']);
    const rows: Row[] = [{ time: '2026-01-01T00:00:00Z', workflow: 'loan', duration_p95: 5 }];
    const split = groupsChart(answerOf(rows, { granularity: 'day' }), P95, [WORKFLOW], 'bars');
    expect(split.series.map(({ kind }) => kind)).toEqual(['beside']);
  });

  it('measure the second unit by the right axis', () => {
    const rows = [
      { time: '2026-01-01T00:00:00Z', executions: 3, duration_p95: 80 },
      { time: '2026-01-02T00:00:00Z', executions: 5, duration_p95: null },
    ];
    const data = metricsChart(
      answerOf(rows, { granularity: 'day' }),
      [COUNT, P95],
      'bars',
      undefined,
    );
    expect(data).toMatchObject({ unit: 'count', rightUnit: 'milliseconds' });
    expect(data.series.map(({ kind, axis, values }) => [kind, axis, values])).toEqual([
      ['bar', undefined, [3, 5]],
      ['line', 'right', [80, null]],
    ]);
  });
});

describe('the table', () => {
  it('ends with the sum of what is not listed, and finds the past of a group by its name', () => {
    const answer = answerOf(
      [
        { workflow: 'loan', executions: 9 },
        { workflow: null, executions: 2 },
      ],
      {
        labels: { workflow: { loan: 'Loan' } },
        comparison: [{ workflow: 'loan', executions: 4 }],
        other: { rows: [{ groups: 3, executions: 6 }], comparison: [{ executions: 5 }] },
      },
    );
    const lines = linesOf(answer, [WORKFLOW]);
    expect(lines.map(({ names, before }) => [names, before?.executions])).toEqual([
      [['Loan'], 4],
      [['No workflow'], undefined],
      [['3 others'], 5],
    ]);
  });

  it('sums what is not listed in each bucket, after what is', () => {
    const at = (day: number): string => `2026-01-0${day}T00:00:00Z`;
    const rows: Row[] = [
      { time: at(1), workflow: 'loan', executions: 4 },
      { time: at(2), workflow: 'loan', executions: 3 },
    ];
    const rest: Row[] = [
      { time: at(1), groups: 2, executions: 2 },
      { time: at(2), groups: 2, executions: 1 },
    ];
    const answer = answerOf(rows, { other: { rows: rest }, granularity: 'day' });
    expect(linesOf(answer, [WORKFLOW]).map(({ row }) => row.executions)).toEqual([4, 2, 3, 1]);
  });

  it('names the value that a limit for each value cut', () => {
    const rest: Row[] = [
      { error_type: 'Timeout', groups: 2, errors: 6 },
      { groups: 4, errors: 1 },
    ];
    const other = { rows: rest };
    const dimensions = [{ ...WORKFLOW, name: 'error_type', label: 'Error type' }, WORKFLOW];
    const rows = [{ error_type: 'Timeout', workflow: 'loan', errors: 8 }];
    expect(linesOf(answerOf(rows, { other }), dimensions).map(({ names }) => names)).toEqual([
      ['Timeout', 'loan'],
      ['Timeout', '2 others'],
      ['4 others'],
    ]);
  });
});

describe('words', () => {
  it('name a question by its metrics and dimensions', () => {
    expect(titleOf([COUNT, COST], [WORKFLOW, CLIENT])).toBe(
      'Executions and cost by workflow and Client',
    );
    expect(titleOf([COUNT, metric('aPI calls', 'count')], [])).toBe('Executions and API calls');
  });

  it('start with the questions that the catalogue can answer', () => {
    const catalog = {
      metrics: [
        metric('executions', 'count', ['workflow']),
        metric('cost', 'usd', ['workflow']),
        metric('users', 'count'),
      ],
      dimensions: [WORKFLOW, { name: 'model', label: 'Model', description: '' }],
    } as unknown as Catalog;
    const rates = { ...catalog, metrics: [metric('success_rate', 'percent', ['workflow'])] };
    expect(startersOf(catalogueOf(rates, undefined))[0]?.search.sort).toBe('success_rate.asc');
    const titles = startersOf(catalogueOf(catalog, undefined)).map(({ title }) => title);
    expect(titles).toEqual(['Executions by workflow over time', 'Users over time']);
  });

  it('stand at the part of the query that the API names', () => {
    const problem = {
      title: 'Bad',
      status: 400,
      code: 'unknown_metric',
      detail: 'No.',
      fix: 'Yes.',
    };
    const at = (field: string) => refusalOf(new ApiError({ ...problem, field }))?.section;
    expect(['metrics[1]', 'dimensions[0]', 'filters', 'limitEach', 'range.from'].map(at)).toEqual([
      'metrics',
      'groups',
      'filters',
      'order',
      'time',
    ]);
    expect(refusalOf(new ApiError({ ...problem, field: 'metrics' }))?.message).toBe(
      'No. Fix: Yes.',
    );
    expect(refusalOf(new ApiError({ ...problem, status: 503 }))).toBeNull();
  });
});

describe('the command', () => {
  const view = { ...FRAME, workflows: ["o'brien"], env: 'production' } as View;

  it('asks for the range of the page, as it follows the clock, and survives quotes', () => {
    const body = bodyOf({ metrics: ['cost'] }, view);
    expect(body).toEqual({
      metrics: ['cost'],
      filters: [
        { dimension: 'environment', op: 'in', values: ['production'] },
        { dimension: 'workflow', op: 'in', values: ["o'brien"] },
      ],
      range: { last: '7d' },
      timezone: 'UTC',
    });
    const command = curlOf(body, 'p1', 'https://weir.example');
    expect(command).toContain("curl 'https://weir.example/api/v1/query?projectId=p1' \\\n");
    expect(command).toContain(`"o'\\''brien"`);
  });
});
