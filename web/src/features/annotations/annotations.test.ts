import { describe, expect, test } from 'vitest';
import type { Annotation } from '@/api/annotations';
import type { ApiError } from '@/api/client';
import { releaseCommand } from './command';
import { inputFrom, timeFrom } from './input';
import { said } from './said';
import { annotationsSearch } from './search';
import { chartsOf, whenOf } from './target';
import { concerns, markerOf, timelineOf, withMoment } from './timeline';

const HOUR = 3_600_000;
const at = (day: number, hour = 0): number => Date.UTC(2026, 10, day, hour);
const iso = (instant: number): string => new Date(instant).toISOString();
const NOW = at(28, 12);

const annotation = (said: Partial<Annotation> = {}): Annotation => ({
  id: 'one',
  kind: 'release',
  title: 'Nine is out',
  startsAt: iso(at(20, 14)),
  author: 'ada@example.com',
  revision: 1,
  createdAt: iso(NOW),
  updatedAt: iso(NOW),
  ...said,
});

describe('the timeline of a chart', () => {
  const workflow = 'invoices';
  const release = annotation({ version: '9', workflowId: workflow });
  const seen = [
    { version: '8', at: at(10) },
    { version: '9', at: at(20, 15) },
  ];
  const labels = (annotations: Annotation[], of: string | undefined = workflow) =>
    timelineOf(seen, annotations, { workflow: of, now: NOW }).map(({ label }) => label);

  test('draws a release once that is both seen and annotated, with the title and the time of the annotation', () => {
    expect(timelineOf(seen, [release], { workflow, now: NOW })).toEqual([
      { at: at(10), label: 'Version 8', kind: 'release' },
      { at: at(20, 14), label: 'Nine is out', kind: 'release', annotation: 'one' },
    ]);
  });

  test('keeps a seen release of another version, workflow, kind or time', () => {
    const both = ['Version 8', 'Version 9', 'Nine is out'];
    expect(labels([{ ...release, version: '10' }])).toEqual(both);
    expect(labels([{ ...release, workflowId: 'orders' }])).toEqual(both);
    expect(labels([{ ...release, workflowId: null }], undefined)).toEqual(both);
    expect(labels([{ ...release, kind: 'note' }])).toEqual(both);
    expect(labels([{ ...release, startsAt: iso(at(20, 15) - 25 * HOUR) }])).toEqual(both);
    expect(labels([{ ...release, startsAt: iso(at(20, 15) + 23 * HOUR) }])).toEqual([
      'Version 8',
      'Nine is out',
    ]);
  });

  test('an open incident is a band until now, anything else without an end a moment', () => {
    const incident = annotation({ kind: 'incident' });
    expect(markerOf(incident, NOW)).toMatchObject({ until: NOW, open: true });
    const over = markerOf({ ...incident, endsAt: iso(at(20, 16)) }, NOW);
    expect([over.until, over.open]).toEqual([at(20, 16), undefined]);
    for (const kind of ['release', 'note'] as const) {
      expect(markerOf(annotation({ kind }), NOW)).not.toHaveProperty('until');
    }
  });

  test('has what concerns all workflows, and those that are shown', () => {
    const of = (workflowId: string | null) => annotation({ workflowId });
    const shown = ['invoices', 'orders'];
    expect([of(null), of('orders'), of('mails')].map((one) => concerns(one, shown))).toEqual([
      true,
      true,
      false,
    ]);
    expect(concerns(of('mails'), [])).toBe(true);
  });

  test('marks once what the link marks, and it still opens the annotation', () => {
    const marks = timelineOf([], [annotation()], { workflow, now: NOW });
    const moment = { at: at(20, 14), label: 'Nine is out', kind: 'change' as const };
    expect(withMoment(moment, marks)).toEqual([{ ...moment, annotation: 'one' }]);
    const other = { ...moment, at: at(21) };
    expect(withMoment(other, marks)).toHaveLength(2);
    expect(withMoment(undefined, marks)).toBe(marks);
  });
});

describe('the form of an annotation', () => {
  const fields = (values: Record<string, string>) => ({
    text: (name: string) => values[name] ?? '',
    optional: (name: string) => values[name] || undefined,
  });
  const filled = { kind: 'incident', title: 'Down', startsAt: '2026-11-20T15:00' };
  const before = { startsAt: '2026-11-20T14:00:21.5Z', endsAt: null };
  const zone = 'Europe/Berlin';
  const fieldOf = (values: Record<string, string>): string | null | undefined => {
    try {
      inputFrom(fields(values), before, zone);
    } catch (error) {
      return (error as ApiError).problem.field;
    }
    return null;
  };

  test('takes times in the zone of the page, and leaves out what is empty', () => {
    const input = inputFrom(fields({ ...filled, endsAt: '2026-11-20T16:30' }), before, zone);
    expect(JSON.parse(JSON.stringify(input))).toEqual({
      kind: 'incident',
      title: 'Down',
      startsAt: before.startsAt,
      endsAt: '2026-11-20T15:30:00.000Z',
    });
  });

  test('keeps the seconds of a time that was not touched', () => {
    expect(timeFrom('2026-11-20T15:00', before.startsAt, zone)).toBe(before.startsAt);
    expect(timeFrom('2026-11-20T15:01', before.startsAt, zone)).toBe('2026-11-20T14:01:00.000Z');
    expect(timeFrom('', before.startsAt, zone)).toBeUndefined();
    expect(timeFrom('soon', undefined, zone)).toBeNull();
  });

  test('names the field that is wrong', () => {
    expect(fieldOf(filled)).toBeNull();
    expect(fieldOf({ ...filled, startsAt: '' })).toBe('startsAt');
    expect(fieldOf({ ...filled, endsAt: '2026-11-20T15:00' })).toBe('endsAt');
    expect(fieldOf({ ...filled, endsAt: '2026-11-20T14:59' })).toBe('endsAt');
    const moment = '2026-11-20T15:01';
    expect(fieldOf({ ...filled, startsAt: moment, endsAt: moment })).toBe('endsAt');
  });
});

describe('the page of annotations', () => {
  const view = { now: NOW, zone: 'UTC' };
  const searchOf = (one: Annotation, previous = {}) => chartsOf(one, view).search(previous);

  test('says what happened, and what is still open', () => {
    const frame = { range: { kind: 'last' as const, last: '30d' }, extent: null, zone: 'UTC' };
    const all = [
      annotation(),
      annotation(),
      annotation({ kind: 'incident' }),
      annotation({ kind: 'note' }),
    ];
    const plain = (of: Annotation[]): string => said(of, frame).replaceAll('\u00a0', ' ');
    expect(plain(all)).toBe(
      '2 releases, 1 incident and 1 note in the last 30 days. One incident is still open.',
    );
    expect(plain(all.slice(0, 1))).toBe('1 release in the last 30 days.');
    expect(plain([])).toBe('Nothing was annotated in the last 30 days.');
  });

  test('says when it was', () => {
    const incident = annotation({ kind: 'incident' });
    expect(whenOf(annotation(), 'UTC')).toBe('20 Nov 2026, 14:00');
    expect(whenOf(incident, 'UTC')).toBe('since 20 Nov 2026, 14:00');
    expect(whenOf({ ...incident, endsAt: iso(at(20, 16)) }, 'UTC')).toBe(
      '20 Nov 2026, 14:00 to 16:00',
    );
  });

  test('leads to charts with a range around it, and marks it there', () => {
    const target = chartsOf(annotation({ workflowId: 'invoices', environment: 'test' }), view);
    expect(target).toMatchObject({ to: '/workflows/$id', params: { id: 'invoices' } });
    const search = target.search({ env: 'production', workflow: ['orders'] });
    expect(search).toMatchObject({ env: 'test', mark: '2026-11-20T14:00:00Z Nine is out' });
    expect(search.workflow).toBeUndefined();
    expect(Date.parse(search.from ?? '')).toBeLessThan(at(20));
    expect(Date.parse(search.to ?? '')).toBeGreaterThan(at(21));
    expect(chartsOf(annotation(), view).to).toBe('/');
    expect(searchOf(annotation(), { env: 'production' }).env).toBe('production');
  });

  test('shows an open incident up to now', () => {
    const { to, mark } = searchOf(annotation({ kind: 'incident' }));
    expect(Date.parse(to ?? '')).toBeGreaterThanOrEqual(NOW);
    expect(mark).toBe('2026-11-20T14:00:00Z Nine is out');
  });

  test('understands the kinds only', () => {
    expect(annotationsSearch({ about: 'incident' })).toEqual({ about: 'incident' });
    expect(annotationsSearch({ about: 'party' })).toEqual({ about: undefined });
  });

  test('has a command that a pipeline can use', () => {
    const command = releaseCommand('https://weir.example', 'weir_ing_ab');
    expect(command).toContain('curl -X POST https://weir.example/api/v1/annotations');
    expect(command).toContain('Bearer weir_ing_ab…');
    const body = JSON.parse(/-d '(.*)'/.exec(command)?.[1] ?? '') as { kind: string };
    expect(body.kind).toBe('release');
    expect(releaseCommand('https://weir.example', null)).toContain('Bearer YOUR_INGEST_KEY');
  });
});
