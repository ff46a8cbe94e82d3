import { describe, expect, it } from 'vitest';
import type { SegmentDefinition } from '@/api/segments';
import type { Catalog } from '@/api/types';
import { catalogueOf } from '../../explore/catalogue';
import { conditionText, definitionOf, draftOf, metricsFor, propertiesFor } from './definition';

const metric = (name: string, dimensions: string[], unit = 'count') => ({
  name,
  label: name,
  unit,
  dimensions,
});
const CATALOGUE = catalogueOf(
  {
    metrics: [
      metric('executions', ['workflow', 'user', 'status']),
      metric('duration_p95', ['workflow', 'user'], 'milliseconds'),
      metric('duration_sum', ['workflow', 'user'], 'milliseconds'),
      metric('activities', ['user', 'action']),
      metric('users', ['user', 'workflow']),
      metric('enqueued', ['workflow']),
    ],
    dimensions: ['workflow', 'user', 'status', 'action'].map((name) => ({ name, label: name })),
  } as unknown as Catalog,
  { dimensions: [{ name: 'metadata.plan', label: 'Plan', key: 'plan' }] } as never,
);

const DEFINITION: SegmentDefinition = {
  of: 'users',
  match: 'any',
  timezone: 'Europe/Berlin',
  conditions: [
    { type: 'property', property: 'metadata.plan', op: 'not_in', values: ['pro', null] },
    {
      type: 'behaviour',
      metric: 'executions',
      op: 'at_most',
      value: 2.5,
      range: { last: '14d' },
      filters: [{ dimension: 'status', op: 'in', values: ['failed'] }],
    },
    {
      type: 'behaviour',
      metric: 'activities',
      op: 'exactly',
      value: 0,
      range: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
    },
  ],
};

describe('a segment', () => {
  it('that is edited and not changed stays what it was', () => {
    expect(definitionOf(draftOf(DEFINITION, 'UTC'))).toEqual(DEFINITION);
  });

  it('gets what the API has by default', () => {
    const draft = draftOf({ conditions: [{ type: 'behaviour', metric: 'a', value: 1 }] }, 'UTC');
    expect(definitionOf(draft)).toEqual({
      of: 'users',
      match: 'all',
      timezone: 'UTC',
      conditions: [
        { type: 'behaviour', metric: 'a', op: 'at_least', value: 1, range: { last: '30d' } },
      ],
    });
  });

  it('is no definition while a condition lacks a value, a property or days', () => {
    const draft = draftOf(DEFINITION, 'UTC');
    const [property, behaviour] = draft.conditions;
    if (property?.type !== 'property' || behaviour?.type !== 'behaviour') throw new Error('types');
    const lacking = [
      { ...property, values: ' \n', none: false },
      { ...property, property: 'metadata.' },
      { ...behaviour, value: '' },
      { ...behaviour, value: 'many' },
      { ...behaviour, days: '' },
      { ...behaviour, days: '1.5' },
    ];
    for (const condition of lacking) {
      expect(definitionOf({ ...draft, conditions: [condition] }), JSON.stringify(condition)).toBe(
        null,
      );
    }
    expect(definitionOf({ ...draft, conditions: [] })?.conditions).toEqual([]);
  });

  it('offers the figures and properties that the API takes', () => {
    const names = (list: { name: string }[]) => list.map(({ name }) => name);
    expect(names(metricsFor(CATALOGUE, 'users'))).toEqual([
      'executions',
      'duration_sum',
      'activities',
    ]);
    expect(names(metricsFor(CATALOGUE, 'workflows'))).toContain('enqueued');
    expect(names(propertiesFor(CATALOGUE, 'users'))).toEqual(['action', 'metadata.plan']);
    expect(names(propertiesFor(CATALOGUE, 'workflows'))).toEqual([
      'user',
      'status',
      'metadata.plan',
    ]);
  });

  it('is said in words', () => {
    const said = DEFINITION.conditions?.map((one) => conditionText(one, CATALOGUE, 'UTC'));
    expect(said?.map((text) => text.replace(/[\u2068\u2069]/g, ''))).toEqual([
      'Plan is not pro or without a value',
      expect.stringMatching(/^executions of some events only at most 2.50 in the last 14\sdays$/),
      expect.stringMatching(/^activities exactly 0 from .*1 Jan.* to .*1 Feb/),
    ]);
  });
});
