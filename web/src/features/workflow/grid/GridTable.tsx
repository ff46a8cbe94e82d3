import { useRouter } from '@tanstack/react-router';
import {
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import type { Grid } from '@/api/workflow';
import { buttonClass } from '@/components/Button';
import { Tip } from '@/components/cellTips';
import { stringifySearch } from '@/lib/search';
import { workflow as words } from '@/words';
import { followLink } from '../../followLink';
import type { Release } from '../../annotations/timeline';
import { useZone } from '../../zone';
import { executionPath } from '../links';
import { GridCells } from './GridCells';
import { GridLegend } from './GridLegend';
import { useWholeLabels } from './useWholeLabels';
import { cellText, drawn, executionText, neighbour, releaseColumns, rowOf } from './model';

const SAID = words.grid;

/** The cell that the reader points at, or has the focus in. */
interface Pointed {
  element: HTMLElement;
  at: string;
  text: string;
  href: string;
}

/** The place of a cell: `row column`. */
const placeOf = (element: Element | null): [number, number] | null => {
  const at = (element as HTMLElement | null)?.dataset.at;
  const [row, column] = (at ?? '').split(' ').map(Number);
  return at && row !== undefined && column !== undefined ? [row, column] : null;
};

/** Executions as columns and steps as rows: one cell can be reached with Tab, the arrow keys move to the others. */
export function GridTable(props: { grid: Grid; byTime: boolean; releases: Release[] }): ReactNode {
  const { grid, byTime } = props;
  const zone = useZone();
  const router = useRouter();
  const table = useMemo(() => drawn(grid), [grid]);
  const { executions, rows } = table;
  const releases = useMemo(
    () => releaseColumns(executions, props.releases),
    [executions, props.releases],
  );
  const box = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [tapped, setTapped] = useState<Pointed | null>(null);
  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    // The newest executions are at the right end.
    area.scrollLeft = area.scrollWidth;
  }, []);
  useWholeLabels(box, table);

  // The words of a cell: of an execution in the first row, of a step in the others.
  const textAt = useCallback(
    (row: number, column: number): string => {
      const execution = executions[column];
      const step = rows[row - 1];
      if (!execution) return '';
      return step
        ? cellText(step, step.cells[column] ?? null, execution, zone)
        : executionText(execution, zone);
    },
    [executions, rows, zone],
  );
  const pages = useMemo(
    () =>
      executions.map(({ id }) => router.buildLocation({ ...executionPath, params: { id } }).href),
    [executions, router],
  );
  const hrefAt = useCallback(
    (row: number, column: number): string => {
      const page = pages[column] ?? '';
      const step = rows[row - 1];
      const cell = step?.cells[column];
      if (!step || !cell) return page;
      const search = stringifySearch({ row: rowOf(step.id, cell) });
      return page.includes('?') ? `${page}&${search.slice(1)}` : `${page}${search}`;
    },
    [pages, rows],
  );

  const pointedAt = (target: EventTarget): Pointed | null => {
    const element = target instanceof Element ? target.closest<HTMLElement>('[data-at]') : null;
    const place = placeOf(element);
    if (!element || !place) return null;
    return { element, at: place.join(' '), text: textAt(...place), href: hrefAt(...place) };
  };
  const open = (href: string): void => router.history.push(href);
  const onClick = (event: MouseEvent): void => {
    const found = pointedAt(event.target);
    if (!found) return;
    // A finger covers several cells: it chooses one, and a large button below opens its execution.
    const touched = (event.nativeEvent as PointerEvent).pointerType === 'touch';
    followLink(event, () => (touched ? setTapped(found) : open(found.href)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') return setPointed(null);
    const place = placeOf(event.target as Element);
    const next = place && neighbour(place, event.key, rows.length + 1, executions.length);
    if (!next) return;
    event.preventDefault();
    box.current?.querySelector<HTMLElement>(`[data-at="${next.join(' ')}"]`)?.focus();
  };
  const onFocus = (event: FocusEvent<HTMLElement>): void => {
    if (placeOf(event.target)) {
      // Not by drawing all cells again.
      box.current?.querySelectorAll<HTMLElement>('[data-at][tabindex="0"]').forEach((cell) => {
        cell.tabIndex = -1;
      });
      event.target.tabIndex = 0;
    }
    setPointed(pointedAt(event.target));
  };

  return (
    <>
      <div ref={box} className="overflow-x-auto pr-4 pb-3">
        <table
          role="grid"
          aria-label={`${SAID.title}. ${SAID.keys}`}
          // The handlers serve the cells, which can be focused.
          onClick={onClick}
          onKeyDown={onKeyDown}
          onFocus={onFocus}
          onBlur={() => setPointed(null)}
          onMouseOver={(event) => setPointed(pointedAt(event.target))}
          onMouseLeave={() => setPointed(null)}
          className="border-separate border-spacing-x-0.5 border-spacing-y-0.5"
        >
          <GridCells
            table={table}
            byTime={byTime}
            zone={zone}
            releases={releases}
            textAt={textAt}
            hrefAt={hrefAt}
            tapped={tapped?.at ?? null}
          />
        </table>
      </div>
      <GridLegend table={table} byTime={byTime} />
      {pointed && !tapped && <Tip of={pointed.element} text={pointed.text} />}
      {tapped && (
        <p
          role="status"
          className="sticky bottom-0 z-20 flex flex-wrap items-center gap-3 border-t bg-surface px-4 py-2 text-xs"
        >
          <span className="min-w-0 flex-1">{tapped.text}</span>
          <button type="button" className={buttonClass()} onClick={() => open(tapped.href)}>
            {SAID.openExecution}
          </button>
        </p>
      )}
    </>
  );
}
