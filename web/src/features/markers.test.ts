import { describe, expect, it } from 'vitest';
import type { QueryResult, Row } from '@/api/types';
import type { Versions } from '@/api/workflow';
import { markFrom, markParameter } from './mark';
import { exactly, releasesOf } from './markers';

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
      { version: '8', at: at(3) },
      { version: '9', at: at(4) },
    ]);
  });

  it('a version that ran before the range was not released in it', () => {
    const starts = result([day(3, '8'), day(4, '9')]);
    expect(releasesOf(starts, result([day(1, '8')])).map(({ version }) => version)).toEqual(['9']);
  });

  it('the first bucket with data says nothing about releases, because nothing is known before it', () => {
    const starts = result([day(3, '8'), day(3, 'v2-beta'), day(4, '9')]);
    expect(releasesOf(starts, undefined).map(({ version }) => version)).toEqual(['9']);
    expect(releasesOf(result([]), undefined)).toEqual([]);
  });

  it('are as exact as the first event of a version, where that is known', () => {
    const releases = [
      { version: '8', at: at(3) },
      { version: '9', at: at(4) },
    ];
    const versions = [{ version: '9', first: '2026-11-04T15:05:00Z' }] as Versions['versions'];
    expect(exactly(releases, versions)).toEqual([
      { version: '8', at: at(3) },
      { version: '9', at: Date.parse('2026-11-04T15:05:00Z') },
    ]);
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
