import { describe, expect, it } from 'vitest';
import type { QueryResult, Row } from '@/api/types';
import { markFrom, markParameter } from './mark';
import { releasesOf } from './markers';

const result = (rows: Row[]) => ({ rows }) as QueryResult;
const day = (date: number, version: string | null, executions = 1): Row => ({
  time: `2026-11-${String(date).padStart(2, '0')}T00:00:00Z`,
  version,
  executions,
});
const at = (date: number) => Date.UTC(2026, 10, date);

describe('releases', () => {
  it('a version is released in the bucket in which it first ran', () => {
    const starts = result([day(2, '8', 0), day(3, '8'), day(4, '9'), day(5, '9'), day(5, null)]);
    expect(releasesOf(starts, result([day(1, '7')]))).toEqual([
      { at: at(3), label: 'Version 8', kind: 'release' },
      { at: at(4), label: 'Version 9', kind: 'release' },
    ]);
  });

  it('a version that ran before the range was not released in it', () => {
    const starts = result([day(3, '8'), day(4, '9')]);
    expect(releasesOf(starts, result([day(1, '8')])).map(({ label }) => label)).toEqual([
      'Version 9',
    ]);
  });

  it('the first bucket with data says nothing about releases, because nothing is known before it', () => {
    const starts = result([day(3, '8'), day(3, 'v2-beta'), day(4, '9')]);
    expect(releasesOf(starts, undefined).map(({ label }) => label)).toEqual(['Version 9']);
    expect(releasesOf(result([]), undefined)).toEqual([]);
  });
});

describe('the moment in the URL', () => {
  it('is read as it was written', () => {
    const moment = { at: at(21), label: 'Extract fields slower' };
    expect(markParameter(moment.at, moment.label)).toBe(
      '2026-11-21T00:00:00Z Extract fields slower',
    );
    expect(markFrom(markParameter(moment.at, moment.label))).toEqual(moment);
    expect(markFrom(markParameter(moment.at, ''))).toEqual({ at: at(21), label: '' });
  });

  it('a mangled one is none', () => {
    expect(markFrom('yesterday noon')).toBeUndefined();
    expect(markFrom(undefined)).toBeUndefined();
  });
});
