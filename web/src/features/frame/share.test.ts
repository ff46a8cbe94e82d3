import { describe, expect, it } from 'vitest';
import type { Project } from '@/api/types';
import type { Range } from '@/lib/range';
import { sharedSearch } from './share';

const view = {
  project: { id: 'p1' } as Project,
  range: { kind: 'last', last: '7d' } as Range,
  bounds: { from: Date.UTC(2026, 10, 20, 23), to: Date.UTC(2026, 10, 27, 23) },
  zone: 'Europe/Amsterdam',
};
const search = { range: '7d', workflow: ['a'], mark: '2026-11-21T13:00:00Z Slower' };

describe('a link to send', () => {
  it('follows the clock and the zone of its reader, if nothing is kept', () => {
    expect(sharedSearch(search, view, { pinned: false, zone: false })).toEqual({
      ...search,
      project: 'p1',
      tz: undefined,
      from: undefined,
      to: undefined,
    });
  });

  it('shows the same instants, in the zone of its sender, if both are kept', () => {
    expect(sharedSearch(search, view, { pinned: true, zone: true })).toEqual({
      ...search,
      project: 'p1',
      range: undefined,
      from: '2026-11-20T23:00:00Z',
      to: '2026-11-27T23:00:00Z',
      tz: 'Europe/Amsterdam',
    });
  });
});
