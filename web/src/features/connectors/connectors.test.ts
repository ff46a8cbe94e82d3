import { describe, expect, it } from 'vitest';
import type { Row } from '@/api/types';
import { answerOf, FRAME } from '../answer.fixture';
import { changeOf, OUTAGE as DOWN, SPIKE } from '../changes/fixture';
import { markFrom } from '../mark';
import { costOf } from './cost';
import { incidentsOf, outagesOf, spanOf } from './incidents';
import { joined } from './joined';
import { linesOf } from './lines';
import { connectorCount, connectorRows, groupsOf, sumsOf } from './rows';
import { legendOf, outageLabel, placeSaid } from './said';
import { failed } from './heat';
import { connectorAround } from './target';

const HOUR = 3_600_000;
const { bounds } = FRAME;
const at = (hours: number): string => new Date(bounds.from + hours * HOUR).toISOString();
/** Down from the third to the sixth hour of the range. */
const OUTAGE = { ...DOWN, since: at(3), until: at(6) };

describe('incidents', () => {
  const slower = changeOf();
  const spike = { ...SPIKE, connector: 'openai' };

  it('are those of connectors, and of one connector also those of its steps', () => {
    const all = [spike, OUTAGE, slower];
    expect(incidentsOf(all)).toEqual([OUTAGE]);
    expect(incidentsOf(all, 'openai')).toEqual([slower]);
    expect(incidentsOf(all, 'hubspot')).toEqual([OUTAGE]);
    expect(incidentsOf(all, 'slack')).toEqual([]);
  });

  it('are cut to the range', () => {
    expect(spanOf(OUTAGE, bounds)).toEqual({
      from: bounds.from + 3 * HOUR,
      until: bounds.from + 6 * HOUR,
    });
    const ongoing = { ...OUTAGE, since: '2025-12-30T00:00:00Z', until: null, ongoing: true };
    expect(spanOf(ongoing, bounds)).toEqual({ from: bounds.from, until: bounds.to });
    expect(spanOf({ ...OUTAGE, since: at(500), until: at(501) }, bounds)).toBeNull();
  });

  it('are one block each, as bad as their bound says', () => {
    const [block, ...others] = outagesOf([OUTAGE, slower], 'hubspot', 'failures', bounds);
    expect(others).toEqual([]);
    expect(block).toMatchObject({ from: bounds.from + 3 * HOUR, level: 4 });
    expect(block && outageLabel(block)).toBe('down 3\u00a0h');
    expect(outagesOf([OUTAGE], 'hubspot', 'slowness', bounds)).toEqual([]);
    // What one workflow did is not drawn as the connector's.
    expect(outagesOf([slower], 'openai', 'slowness', bounds)).toEqual([]);
  });
});

const failure = (hour: number, group: string, count: number): Row => ({
  time: at(hour),
  error_group: group,
  error_class: 'server',
  error_type: `type ${group}`,
  steps_failed: count,
});

describe('the errors of an outage', () => {
  const outages = outagesOf([OUTAGE], 'hubspot', 'failures', bounds);
  const answer = answerOf(
    [
      failure(2, 'a', 1),
      failure(3, 'b', 30),
      failure(4, 'b', 28),
      failure(5, 'b', 31),
      failure(5, 'a', 2),
      failure(6, 'a', 4),
    ],
    { granularity: 'hour', other: { rows: [{ steps_failed: 7, groups: 3 }] } },
  );

  it('are joined as one, and every failure counts once', () => {
    const found = joined(answer, outages);
    expect(found.outages).toHaveLength(1);
    expect(found.outages[0]).toMatchObject({ failed: 91 });
    expect(found.outages[0]?.errors.map(({ group, failed: count }) => [group, count])).toEqual([
      ['b', 89],
      ['a', 2],
    ]);
    expect(found.others.map(({ group, failed: count }) => [group, count])).toEqual([['a', 5]]);
    expect(found.left).toBe(7);
  });

  it('lead the list, and what is not listed closes it', () => {
    expect(linesOf(answer, outages).map(({ kind, failed: count }) => [kind, count])).toEqual([
      ['outage', 91],
      ['error', 89],
      ['error', 2],
      ['error', 5],
      ['more', 7],
    ]);
  });

  it('are counted when there are too many to list', () => {
    const many = Array.from({ length: 8 }, (_, index) => failure(4, `g${index}`, 10 - index));
    const lines = linesOf(answerOf(many, { granularity: 'hour' }), outages);
    expect(lines.map(({ kind }) => kind)).toEqual([
      'outage',
      ...Array.from({ length: 5 }, () => 'error'),
      'more',
    ]);
    expect(lines.at(-1)).toMatchObject({ groups: 3, failed: 5 + 4 + 3 });
  });
});

describe('the figures of connectors', () => {
  const row = (connector: string | null, parts: Row): Row => ({ step_type: connector, ...parts });
  const answer = answerOf(
    [
      row('hubspot', { steps: 110, steps_failed: 25, steps_completed: 75, step_retries: 4 }),
      row(null, { steps: 3, steps_completed: 3, cache_lookups: 10, cache_hits: 4 }),
    ],
    {
      comparison: [row('hubspot', { steps: 90, steps_failed: 1, steps_completed: 89 })],
      other: { rows: [{ groups: 5, steps: 20, steps_failed: 0, steps_completed: 20 }] },
    },
  );

  it('are compared with the period before', () => {
    const [hubspot, none] = connectorRows(answer);
    expect(hubspot).toMatchObject({ share: 25, before: { runs: 90 } });
    expect(none).toMatchObject({ connector: null, cache: 40, before: null, p95: null });
  });

  it('are summed over everything', () => {
    expect(sumsOf(answer)).toMatchObject({ runs: 133, failed: 25, retries: 4, cache: 40 });
    expect(sumsOf(answer).share).toBeCloseTo((100 * 25) / 123, 9);
    expect([groupsOf(answer), connectorCount(answer)]).toEqual([7, 6]);
  });

  it('have the costs that name one of its steps, in its workflows', () => {
    const steps = answerOf([{ workflow: 'a', step: 'ask', steps: 1 }]);
    const costs = answerOf([
      { workflow: 'a', step: 'ask', cost: 2 },
      { workflow: 'b', step: 'ask', cost: 40 },
    ]);
    expect(costOf(steps, costs)).toBe(2);
    expect(costOf(steps, answerOf([]))).toBeNull();
  });
});

describe('the words', () => {
  const place = { start: bounds.from, granularity: 'hour', zone: 'UTC' } as const;
  const span = { from: bounds.from, until: bounds.from + HOUR };
  const said = (part: number, runs: number): string => {
    const cell = { ...span, runs, part, ...failed(part, runs) };
    const text = placeSaid({ ...place, measure: 'failures', cell, outage: undefined });
    return text.replaceAll('\u00a0', ' ');
  };

  it('say what a cell is based on', () => {
    expect(said(24, 32)).toBe(
      '1 Jan 2026, 00:00: 24 of 32 runs failed, 75.0 %, at least 57.9 % (95 %)',
    );
    expect(said(1, 1)).toBe('1 Jan 2026, 00:00: 1 of 1 runs failed, too few runs to say');
    const empty = { ...place, measure: 'failures', cell: undefined, outage: undefined } as const;
    expect(placeSaid(empty)).toBe('1 Jan 2026, 00:00: no runs');
  });

  it('say from where on a colour begins', () => {
    expect(legendOf('failures').degrees).toEqual([
      '5\u00a0%',
      '15\u00a0%',
      '30\u00a0%',
      '50\u00a0%',
    ]);
    expect(legendOf('slowness').degrees).toEqual([
      '1.25\u00a0×',
      '2\u00a0×',
      '4\u00a0×',
      '8\u00a0×',
    ]);
  });
});

describe('the way to a connector', () => {
  it('shows what was before, and marks what was bad', () => {
    const span = { from: bounds.from + 24 * HOUR, until: bounds.from + 27 * HOUR };
    const view = { bounds, zone: 'UTC', measure: 'slowness' } as const;
    const { params, search } = connectorAround('hubspot', span, view, 'Failures of hubspot');
    expect(params).toEqual({ stepType: 'hubspot' });
    const found = search({ project: 'p', range: '30d', tz: 'UTC' });
    expect(found).toMatchObject({ project: 'p', range: undefined, from: '2026-01-01T15:00:00Z' });
    expect(found.measure).toBe('slowness');
    expect(markFrom(found.mark)).toEqual({
      at: span.from,
      until: span.until,
      label: 'Failures of hubspot',
    });
    expect(connectorAround('hubspot', span, view).search({}).mark).toBeUndefined();
  });
});
