import { describe, expect, it } from 'vitest';
import { fileName, toCsv, toJson, type Exported } from './export';

const HOUR = 3_600_000;

const exported: Exported = {
  title: 'Success rate: “=all”',
  data: {
    starts: [0, HOUR],
    end: 2 * HOUR,
    granularity: 'hour',
    zone: 'Europe/Amsterdam',
    unit: 'count',
    rightUnit: 'milliseconds',
    series: [
      { id: 'a', label: '=SUM(A1), "b"', token: '--x', kind: 'bar', values: [1234567.891, null] },
      { id: 'b', label: 'p95', token: '--x', kind: 'line', values: [0.1, 2], axis: 'right' },
    ],
    completeUntil: 1.5 * HOUR,
    range: { from: 0, to: 2 * HOUR },
  },
  markers: [{ at: HOUR, label: 'Version 2', kind: 'release' }],
};

describe('exports of a chart', () => {
  it('CSV has every digit, empty cells for gaps, and no formulas', () => {
    expect(toCsv(exported).split('\r\n')).toEqual([
      `start,end,complete,"'=SUM(A1), ""b"" (count)",p95 (milliseconds)`,
      '1970-01-01T00:00:00Z,1970-01-01T01:00:00Z,true,1234567.891,0.1',
      '1970-01-01T01:00:00Z,1970-01-01T02:00:00Z,false,,2',
      '',
    ]);
  });

  it('JSON has units, marks and completeness, and null for gaps', () => {
    expect(JSON.parse(toJson(exported))).toMatchObject({
      granularity: 'hour',
      range: { from: '1970-01-01T00:00:00Z', to: '1970-01-01T02:00:00Z' },
      buckets: [{ complete: true }, { start: '1970-01-01T01:00:00Z', complete: false }],
      series: [
        { id: 'a', unit: 'count', values: [1234567.891, null] },
        { id: 'b', unit: 'milliseconds', values: [0.1, 2] },
      ],
      markers: [{ at: '1970-01-01T01:00:00Z', until: null, kind: 'release' }],
    });
  });

  it('what is not over has no end in JSON, although it is drawn until now', () => {
    const open = { at: 0, until: HOUR, open: true, label: 'Down', kind: 'incident' as const };
    const { markers } = JSON.parse(toJson({ ...exported, markers: [open] })) as {
      markers: { until: string | null }[];
    };
    expect(markers.map(({ until }) => until)).toEqual([null]);
  });

  it('the name of the file says what it is of', () => {
    expect(fileName(exported, 'csv')).toBe('weir-success-rate-all-19700101-19700101.csv');
  });
});
