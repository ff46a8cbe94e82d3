import { useState } from 'react';
import { scrollFor } from '@/components/windowing';
import { usePageKeys } from '@/lib/pageKeys';
import { executions as words } from '@/words';
import { nextRow, type Layout } from './layout';
import type { Item } from './model';

/** The height of the axis, which covers the top of the rows. */
const AXIS = 24;

/** Moving through a waterfall by keyboard, and to what matters in it. */
export function useWaterfallKeys(props: {
  layout: Layout;
  box: HTMLElement | null;
  height: number;
  selected: string | undefined;
  select: (id: string | undefined) => void;
  toggle: (item: Item) => void;
}) {
  const { layout, box, height, selected, select, toggle } = props;
  const [moved, setMoved] = useState<string | undefined>(selected);
  const at = moved === undefined ? -1 : (layout.rowOf.get(moved) ?? -1);
  const item = at < 0 ? undefined : layout.rows[at]?.items.find(({ id }) => id === moved);

  const goTo = (index: number, of?: (item: Item) => boolean): void => {
    const row = layout.rows[Math.max(0, Math.min(layout.rows.length - 1, index))];
    const target = (of && row?.items.find(of)) ?? row?.items[0];
    if (!row || !target) return;
    setMoved(target.id);
    if (selected !== undefined) select(target.id);
    if (!box) return;
    const to = scrollFor(index, height, box.scrollTop, box.clientHeight - AXIS, height);
    if (to !== null) box.scrollTo({ top: to });
  };
  const toNext = (passes: (item: Item) => boolean): void => {
    const next = nextRow(layout.rows, at, passes);
    if (next !== null) goTo(next, passes);
  };
  const toFailure = (): void => toNext(({ status, kind }) => failed(status) && kind !== 'group');
  const toCritical = (): void => toNext(({ critical, kind }) => critical && kind === 'step');
  const { keys } = words.waterfall;
  usePageKeys([
    { key: 'j', does: keys.down, run: () => goTo(at + 1) },
    { key: 'k', does: keys.up, run: () => goTo(Math.max(0, at - 1)) },
    {
      key: 'Enter',
      does: keys.open,
      run: () => select(item?.id === selected ? undefined : item?.id),
    },
    { key: ' ', does: keys.fold, run: () => item && toggle(item) },
    { key: 'f', does: keys.failure, run: toFailure },
    { key: 'c', does: keys.critical, run: toCritical },
    { key: 'Escape', does: keys.leave, run: () => select(undefined) },
  ]);
  return { at, goTo, toFailure, toCritical };
}

const failed = (status: string): boolean => status === 'failed' || status === 'crashed';
