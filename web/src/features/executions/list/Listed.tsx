import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import type { ExecutionFilter, ExecutionRow } from '@/api/executions';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { EmptyNote, ErrorState, TableSkeleton } from '@/components/states';
import { scrollFor, useWindowing } from '@/components/windowing';
import { focusPage } from '@/lib/focusPage';
import { usePageKeys } from '@/lib/pageKeys';
import { executions as words } from '@/words';
import { useSetRange, type View } from '../../view';
import { listOf } from '../search';
import { useCoarse, useWidth } from '../useWidth';
import { columnsIn, type ColumnId } from './columns';
import type { Reading } from './frame';
import type { PagedList } from './pages';
import { CARD, CardRows, ROW, TableRows, TOUCH_ROW } from './Rows';
import { FreshButton, SelectionBar } from './Selection';
import { inOrder, keyOf, selectedWith } from './selected';
import { useFresh } from './useFresh';
import { useList } from './useList';

/** Below this width (pixels) executions are cards. */
const NARROW = 640;
/** What covers the top of the page while it is scrolled. */
const COVERED = 80;

interface Props {
  view: View;
  filter: ExecutionFilter;
  reading: Reading;
  narrowed: boolean;
  columns: ColumnId[] | undefined;
  /** The keys of the rows that are selected. */
  selected: string[];
  onSelect: (selected: string[] | undefined) => void;
  picker: ReactNode;
  onRenew: () => void;
  onClear: () => void;
}

/** The list itself, as it was when it was read; what has happened since is counted on a button. */
export function Listed(props: Props): ReactNode {
  const { view, filter, reading } = props;
  const list = useList(filter, reading);
  const fresh = useFresh(view, filter, reading.key, list.newest);
  const [host, setHost] = useState<HTMLElement | null>(null);
  const [body, setBody] = useState<HTMLElement | null>(null);
  const width = useWidth(host);
  const coarse = useCoarse();
  const cards = width > 0 && width < NARROW;
  const height = cards ? CARD : coarse ? TOUCH_ROW : ROW;
  // The row after the last one that is known stands for the page that is being read.
  const count = list.count + (list.complete || list.pending ? 0 : 1);
  const shown = useWindowing(body, 'page', height, count);
  useEffect(() => list.show(shown.first, Math.max(shown.first, shown.end - 1)), [list, shown]);
  const { selected, onSelect } = props;
  const choose = (key: string): void => onSelect(selectedWith(selected, key));
  const hands = useHands({ list, count, height, body, choose, clear: () => onSelect(undefined) });
  const renew = (): void => {
    window.scrollTo({ top: 0 });
    props.onRenew();
  };
  usePageKeys([
    ...hands.keys,
    ...(fresh > 0 ? [{ key: '.', does: words.list.keys.fresh, run: renew }] : []),
  ]);
  const rows = {
    count,
    row: (index: number) => list.row(index),
    at: hands.at,
    chosen: selected,
    onChoose: choose,
    columns: columnsIn(props.columns, width),
    body: setBody,
    shown,
    height,
  };
  return (
    <div ref={setHost}>
      <FreshButton count={fresh} onShow={renew} />
      <Card
        title={words.list.title}
        note={words.list.newestFirst}
        actions={cards ? undefined : props.picker}
      >
        {list.pending && list.error === null ? (
          <TableSkeleton rows={12} />
        ) : count === 0 && list.complete ? (
          <Nothing {...props} />
        ) : cards ? (
          <CardRows {...rows} />
        ) : (
          <TableRows {...rows} />
        )}
        {list.error !== null && (
          <ErrorState
            what={list.pending ? words.list.title : words.list.failedToLoad}
            error={list.error}
            onRetry={() => list.retry()}
          />
        )}
        {list.complete && count > 0 && (
          <p className="border-t px-4 py-2 text-xs text-ink-3">{words.list.end}</p>
        )}
      </Card>
      <SelectionBar
        chosen={inOrder(selected, (key) => list.find((row) => keyOf(row) === key))}
        onClear={hands.clear}
      />
    </div>
  );
}

function Nothing(props: Pick<Props, 'narrowed' | 'onClear'>): ReactNode {
  const setRange = useSetRange();
  return (
    <div className="flex flex-col items-center pb-6">
      <EmptyNote>{props.narrowed ? words.list.noneMatch : words.list.noneInRange}</EmptyNote>
      <div className="flex gap-2">
        {props.narrowed && <Button onClick={props.onClear}>{words.list.clear}</Button>}
        <Button onClick={() => setRange({ kind: 'all' })}>{words.list.wider}</Button>
      </div>
    </div>
  );
}

/** Moving through the list, opening and selecting, by keyboard. */
function useHands(props: {
  list: PagedList<ExecutionRow>;
  count: number;
  height: number;
  body: HTMLElement | null;
  choose: (key: string) => void;
  clear: () => void;
}) {
  const { list, count, height, body } = props;
  const navigate = useNavigate();
  const [at, setAt] = useState(-1);
  const move = (by: number): void => {
    const next = Math.max(0, Math.min(count - 1, at + by));
    setAt(next);
    // Enter opens the row, not what had the focus before.
    focusPage();
    const top = -(body?.getBoundingClientRect().top ?? 0);
    const to = scrollFor(next, height, top, window.innerHeight - 8, COVERED);
    if (to !== null) window.scrollBy({ top: to - top });
  };
  const row = at < 0 ? undefined : list.row(at);
  const open = (): void => {
    if (!row) return;
    void navigate({
      to: '/executions/$execution',
      params: { execution: row.id },
      search: (previous) => listOf(previous),
    });
  };
  const clear = (): void => {
    props.clear();
    setAt(-1);
  };
  const { down, up, open: opens, select, leave } = words.list.keys;
  const keys = [
    { key: 'j', does: down, run: () => move(1) },
    { key: 'k', does: up, run: () => move(-1) },
    { key: 'Enter', does: opens, run: open },
    { key: 'x', does: select, run: () => row && props.choose(keyOf(row)) },
    { key: 'Escape', does: leave, run: clear },
  ];
  return { at, clear, keys };
}
