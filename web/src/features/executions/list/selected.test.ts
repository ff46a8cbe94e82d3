import { describe, expect, it } from 'vitest';
import { executionOf, inOrder, keyOf, selectedWith } from './selected';

describe('the selection for a comparison', () => {
  it('has two executions at most, and lets go of the one that was selected first', () => {
    expect(selectedWith([], 'a')).toEqual(['a']);
    expect(selectedWith(['a', 'b'], 'c')).toEqual(['b', 'c']);
    expect(selectedWith(['a', 'b'], 'a')).toEqual(['b']);
    expect(selectedWith(['a'], 'a')).toBeUndefined();
  });

  it('tells the runs of an execution apart, and holds one of them', () => {
    const run = (startedAt: string | null, timestamp: string) => ({
      id: 'x',
      startedAt,
      timestamp,
    });
    const first = keyOf(run('2026-11-01T00:00:00Z', '2026-11-01T00:05:00Z'));
    const second = keyOf(run('2026-11-02T00:00:00Z', '2026-11-02T00:05:00Z'));
    expect(first).not.toBe(second);
    expect([first, second].map(executionOf)).toEqual(['x', 'x']);
    expect(selectedWith(['a', first], second)).toEqual(['a', second]);
    expect(selectedWith(['a', first], first)).toEqual(['a']);
  });

  it('keeps a row whose execution goes on to another state', () => {
    const row = (timestamp: string) => ({ id: 'x', startedAt: '2026-11-01T00:00:00Z', timestamp });
    expect(keyOf(row('2026-11-01T00:00:00Z'))).toBe(keyOf(row('2026-11-01T00:09:00Z')));
    const unknown = { id: 'x', startedAt: null };
    expect(keyOf({ ...unknown, timestamp: '2026-11-01T00:00:00Z' })).not.toBe(
      keyOf({ ...unknown, timestamp: '2026-11-01T00:09:00Z' }),
    );
  });

  it('begins with the older one, as far as that is known', () => {
    const rows = new Map([
      ['old', { timestamp: '2026-11-01T00:00:00Z' }],
      ['new', { timestamp: '2026-11-02T00:00:00Z' }],
    ]);
    const find = (id: string) => rows.get(id);
    expect(inOrder(['new', 'old'], find)).toEqual(['old', 'new']);
    expect(inOrder(['old', 'new'], find)).toEqual(['old', 'new']);
    expect(inOrder(['new', 'unknown'], find)).toEqual(['new', 'unknown']);
    expect(inOrder(['new'], find)).toEqual(['new']);
  });
});
