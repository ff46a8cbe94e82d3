import { describe, expect, it } from 'vitest';
import type { Change, ChangeKind } from '@/api/changes';
import { markFrom } from '../mark';
import { changeOf, OUTAGE, SILENCE, SPIKE } from './fixture';
import { effectsOf, evidenceOf, ICONS, saidOf, sentenceOf, textOf, times, whenOf } from './said';
import { rangeAround, targetOf } from './target';
import { markedAt } from './trend';
import { limited } from './useChanges';

const said = (change: Change): string => textOf(sentenceOf(change)).replaceAll('\u00a0', ' ');
const shown = (texts: string[]): string[] => texts.map((text) => text.replaceAll('\u00a0', ' '));

describe('the sentence of a change', () => {
  it('names the step, the workflow and the version', () => {
    expect(said(changeOf())).toBe(
      'Extract fields of Invoice capture EMEA takes 6.1 × as long since version 9',
    );
  });

  it('names the connector and how many workflows use it', () => {
    expect(said(OUTAGE)).toBe(
      'hubspot was down in 23 workflows: 93.4 % of its steps failed instead of 1.1 %',
    );
    expect(said({ ...OUTAGE, ongoing: true })).toContain('hubspot is down in');
  });

  it('names the model, and what the workflows have in common', () => {
    expect(said(SPIKE)).toBe('Ticket triage (2 workflows): spending on o1 was 50 × as high');
    // Of workflows that are not all listed, nothing is known to be common.
    expect(said({ ...SPIKE, workflowCount: 12 })).toContain('12 workflows: spending on o1');
    expect(said({ ...SPIKE, workflows: [], workflowCount: 0 })).toBe(
      'Spending on o1 was 50 × as high',
    );
    // What cost nothing before has no ratio.
    expect(said({ ...SPIKE, before: 0, ratio: null })).toBe(
      'Ticket triage (2 workflows): spending on o1 was $45.00 a day, usually nothing',
    );
  });

  it('says what is new, what is more frequent and what is silent', () => {
    const errorGroup = { id: 'e', title: 'the API is unavailable' };
    const error = changeOf({ kind: 'error_new', step: null, errorGroup });
    expect(said(error)).toBe('New error: the API is unavailable in Invoice capture EMEA');
    expect(said({ ...error, kind: 'error_escalating', ratio: 5 })).toBe(
      'the API is unavailable occurs 5.0 × as often in Invoice capture EMEA',
    );
    expect(said(SILENCE)).toBe('Invoice capture EMEA fell silent: usually 24 runs a day');
    expect(
      said(changeOf({ kind: 'failures_rising', step: null, unit: 'percent', before: 1, after: 9 })),
    ).toBe(
      'Invoice capture EMEA fails more often since version 9: 9.0 % of its runs instead of 1.0 %',
    );
  });

  it('exists for every kind, also where next to nothing is known', () => {
    for (const kind of Object.keys(ICONS) as ChangeKind[]) {
      const bare = changeOf({
        kind,
        workflow: null,
        workflows: [],
        workflowCount: 0,
        step: null,
        ratio: null,
        version: null,
      });
      expect(said(bare)).not.toMatch(/null|undefined|NaN/);
      expect(targetOf(bare, { from: 0, to: Date.parse('2026-11-28T00:00:00Z') }, 'UTC').to).toMatch(
        /^\//,
      );
    }
  });

  it('puts its numbers where they stand out', () => {
    expect(sentenceOf(changeOf())).toContainEqual({ strong: '6.1\u00a0×' });
    expect(sentenceOf(OUTAGE)).toContainEqual({ strong: '93.4\u00a0%' });
  });

  it('does not make a fuss about little', () => {
    expect([times(1.05), times(null), times(0)]).toEqual([null, null, null]);
    expect(times(9.97)).toBe('10\u00a0×');
  });
});

describe('the effect of a change', () => {
  it('is in plain units, with the bounds where there are some', () => {
    expect(shown(effectsOf(changeOf()))).toEqual(['+24.6 s per run (95 %: +23.3 s to +25.9 s)']);
    expect(shown(effectsOf(OUTAGE))).toEqual(['90 more failed executions than usual']);
    expect(shown(effectsOf(SILENCE))).toEqual(['33 runs missing']);
  });

  it('tells the total only if it is more than that of a day', () => {
    expect(effectsOf(SPIKE)).toEqual(['+$44.10 a day']);
    const long = { ...SPIKE, effect: { ...SPIKE.effect, cost: 441 } };
    expect(effectsOf(long)).toEqual(['+$44.10 a day', '+$441.00 in total']);
  });

  it('comes with what it rests on', () => {
    expect(evidenceOf(changeOf())).toContain('2,573 before and 812 since');
    expect(evidenceOf(changeOf())).toContain('below 0.1');
    expect(evidenceOf(changeOf({ pValue: null }))).not.toContain('probability');
  });
});

describe('when a change was', () => {
  it('is said to the hour or to the day, without a year that is clear', () => {
    expect(whenOf(changeOf(), 'UTC', 2026)).toBe('since 20 Nov, 14:03');
    expect(whenOf(changeOf(), 'Europe/Amsterdam', 2027)).toBe('since 20 Nov 2026, 15:03');
    expect(whenOf(OUTAGE, 'UTC', 2026)).toBe('24 Nov, 09:00 to 12:00');
    expect(whenOf(SPIKE, 'UTC', 2026)).toBe('18 Nov');
    expect(whenOf({ ...SPIKE, until: '2026-11-21T00:00:00Z' }, 'UTC', 2026)).toBe(
      '18 Nov to 20 Nov',
    );
  });

  it('is a stretch of its sparkline', () => {
    expect(markedAt(changeOf({ since: '2026-11-20T14:00:00Z' }))).toEqual({ from: 2, to: 5 });
    expect(markedAt(SPIKE)).toEqual({ from: 2, to: 3 });
    expect(markedAt(changeOf({ since: '2026-11-19T00:00:00Z' }))).toBeNull();
  });
});

describe('the link of a change', () => {
  const bounds = {
    from: Date.parse('2026-10-29T00:00:00Z'),
    to: Date.parse('2026-11-28T00:00:00Z'),
  };
  const link = (change: Change) => {
    const { to, params, search } = targetOf(change, bounds, 'UTC');
    return {
      to,
      params,
      search: search({ project: 'p', env: 'production', tz: 'UTC', sort: 'p95.desc' }),
    };
  };

  it('leads to the page that explains it, with the range, the filters and the mark', () => {
    const { to, params, search } = link(changeOf());
    expect([to, params]).toEqual(['/workflows/$id/steps', { id: 'invoices' }]);
    expect(search).toMatchObject({ project: 'p', env: 'production', tz: 'UTC', step: 'extract' });
    expect(search.sort).toBeUndefined();
    expect(markFrom(search.mark)).toEqual({
      at: Date.parse('2026-11-20T14:03:00Z'),
      label: 'Extract fields slower',
    });
  });

  it('leads to the connector that failed, with the range of the outage', () => {
    const outage = link(OUTAGE);
    expect([outage.to, outage.params]).toEqual(['/connectors/$stepType', { stepType: 'hubspot' }]);
    // Ten of 23 workflows would hide the others.
    expect(outage.search).toMatchObject({ from: '2026-11-24T00:00:00Z', workflow: undefined });
    expect(markFrom(outage.search.mark)).toMatchObject({
      until: Date.parse('2026-11-24T12:00:00Z'),
    });
    const slower = changeOf({ workflow: null, workflowCount: 9, step: null, connector: 'sap' });
    expect(link(slower)).toMatchObject({
      to: '/connectors/$stepType',
      params: { stepType: 'sap' },
      search: { measure: 'slowness' },
    });
  });

  it('leads to the overview where several workflows are concerned', () => {
    const spike = link(SPIKE);
    expect(spike.search).toMatchObject({
      figure: 'cost',
      workflow: ['ticket-triage-apac', 'ticket-triage-emea'],
    });
  });

  it('leads to the group of an error', () => {
    const errorGroup = { id: 'e1', title: 'x' };
    const { to, params } = link(changeOf({ kind: 'error_new', errorGroup }));
    expect([to, params]).toEqual(['/errors/$group', { group: 'e1' }]);
  });

  it('shows as much of the time before as it takes to see what was usual', () => {
    const iso = ({ from, to }: { from: number; to: number }) =>
      [from, to].map((at) => new Date(at).toISOString().slice(0, 16));
    expect(iso(rangeAround(OUTAGE, bounds, 'UTC'))).toEqual([
      '2026-11-24T00:00',
      '2026-11-24T15:00',
    ]);
    expect(iso(rangeAround(changeOf(), bounds, 'UTC'))).toEqual([
      '2026-11-13T00:00',
      '2026-11-28T00:00',
    ]);
    expect(iso(rangeAround(SPIKE, bounds, 'UTC'))).toEqual([
      '2026-11-15T00:00',
      '2026-11-20T00:00',
    ]);
    const short = { from: bounds.to - 3_600_000, to: bounds.to };
    const young = changeOf({ since: '2026-11-27T23:50:00Z' });
    expect(iso(rangeAround(young, short, 'UTC'))).toEqual(['2026-11-26T23:00', '2026-11-28T00:00']);
  });
});

describe('the changes of some workflows', () => {
  const found = {
    changes: [changeOf(), OUTAGE, SPIKE],
    comparedWith: { from: '', to: '' },
    tested: 9,
    omitted: 4,
    notEnoughData: false,
    daysWithData: 30,
    daysNeeded: 8,
  };

  it('are those that name one of them, and what is cut is counted', () => {
    const ids = ['invoices', 'a'];
    expect(limited(found, ids, 5).changes).toEqual([changeOf(), OUTAGE]);
    expect(limited(found, ids, 1)).toMatchObject({ changes: [changeOf()], omitted: 1 });
    expect(saidOf(OUTAGE).workflows).toBe('23\u00a0workflows');
  });
});
