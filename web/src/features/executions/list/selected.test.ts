import { describe, expect, it } from 'vitest';
import { inOrder, selectedWith } from './selected';

describe('the selection for a comparison', () => {
  it('has two executions at most, and lets go of the one that was selected first', () => {
    expect(selectedWith([], 'a')).toEqual(['a']);
    expect(selectedWith(['a', 'b'], 'c')).toEqual(['b', 'c']);
    expect(selectedWith(['a', 'b'], 'a')).toEqual(['b']);
    expect(selectedWith(['a'], 'a')).toBeUndefined();
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
