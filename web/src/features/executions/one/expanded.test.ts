import { describe, expect, it } from 'vitest';
import type { ExecutionDetail } from '@/api/executions';
import { MOST_TOGGLED } from '../search';
import { callsToRead, expandedBy, withToggled } from './expanded';

const step = { id: 'fetch#1', kind: 'step' } as const;
const call = { id: 'execution:a', kind: 'execution' } as const;

/** An execution that called others. */
const calling = (id: string, ...children: string[]): ExecutionDetail =>
  ({
    id,
    children: children.map((child) => ({ id: child, executionId: child })),
  }) as ExecutionDetail;

describe('which rows are expanded', () => {
  it('steps are and called executions are not, unless the address says otherwise', () => {
    const shown = (search: Parameters<typeof expandedBy>[0]) =>
      [step, call].map(expandedBy(search));
    expect(shown({})).toEqual([true, false]);
    expect(shown({ expanded: 'all' })).toEqual([true, true]);
    expect(shown({ expanded: 'none' })).toEqual([false, false]);
    expect(shown({ expanded: 'none', toggled: [step.id] })).toEqual([true, false]);
    expect(shown({ toggled: [step.id, call.id] })).toEqual([false, true]);
  });

  it('toggling twice leaves nothing in the address, and the oldest are forgotten', () => {
    expect(withToggled({ toggled: ['a'] }, 'a')).toEqual({ toggled: undefined });
    const full = Array.from({ length: MOST_TOGGLED }, (_, index) => String(index));
    const { toggled } = withToggled({ toggled: full }, 'one more');
    expect([toggled?.length, toggled?.[0], toggled?.at(-1)]).toEqual([
      MOST_TOGGLED,
      '1',
      'one more',
    ]);
  });
});

describe('the called executions to read', () => {
  const details = new Map(
    [calling('top', 'a', 'b'), calling('a', 'c', 'top'), calling('b'), calling('c', 'a')].map(
      (each) => [each.id, each] as const,
    ),
  );
  const top = details.get('top')!;
  const read = (id: string) => details.get(id);

  it('are those that are expanded, and no more than may be, whatever calls whom', () => {
    const all = expandedBy({ expanded: 'all' });
    expect(callsToRead(top, all, read, 40)).toEqual(['a', 'b', 'c']);
    expect(callsToRead(top, all, read, 2)).toEqual(['a', 'b']);
    expect(callsToRead(top, expandedBy({}), read, 40)).toEqual([]);
  });

  it('are inside of another only once that one is expanded and read', () => {
    const inner = expandedBy({ toggled: ['execution:c'] });
    expect(callsToRead(top, inner, read, 40)).toEqual([]);
    const both = expandedBy({ toggled: ['execution:a', 'execution:c'] });
    expect(callsToRead(top, both, read, 40)).toEqual(['a', 'c']);
    expect(callsToRead(top, both, () => undefined, 40)).toEqual(['a']);
  });
});
