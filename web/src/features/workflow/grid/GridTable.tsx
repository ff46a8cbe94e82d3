import { useRouter } from '@tanstack/react-router';
import {
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
import { Name } from '@/components/Name';
import { duration } from '@/lib/format';
import { workflow as words } from '@/words';
import { useZone } from '../../zone';
import { executionPath } from '../links';
import { cellLook, lookOf } from './look';
import { cellText, drawn, executionText, neighbour, ratio, type Drawn } from './model';

const SAID = words.grid;
const BAR = 48;
const CELL =
  'flex size-[18px] items-center justify-center rounded-[3px] text-2xs leading-none text-surface';
const TIMED = { status: 'completed', duration: 1, attempts: 1, runs: 1 };
const STICKY = 'sticky left-0 z-10 bg-surface pl-4';

/** The cell that the reader points at, or has the focus in. */
interface Pointed {
  element: HTMLElement;
  text: string;
  execution: string;
}

/** The words of a cell: of an execution in the first row, of a step in the others. */
function textAt({ executions, rows }: Drawn, row: number, column: number, zone: string): string {
  const execution = executions[column];
  if (!execution) return '';
  const step = rows[row - 1];
  return step
    ? cellText(step, step.cells[column] ?? null, execution, zone)
    : executionText(execution, zone);
}

/** The place of a cell: `row column`. */
const placeOf = (element: Element | null): [number, number] | null => {
  const at = (element as HTMLElement | null)?.dataset.at;
  const [row, column] = (at ?? '').split(' ').map(Number);
  return at && row !== undefined && column !== undefined ? [row, column] : null;
};

/** Executions as columns and steps as rows: one cell can be reached with Tab, the arrow keys move to the others. */
export function GridTable({ grid, byTime }: { grid: Grid; byTime: boolean }): ReactNode {
  const zone = useZone();
  const router = useRouter();
  const table = useMemo(() => drawn(grid), [grid]);
  const { executions, rows } = table;
  const box = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState<[number, number]>([0, executions.length - 1]);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [tapped, setTapped] = useState<Pointed | null>(null);
  useLayoutEffect(() => {
    // The newest executions are at the right end.
    if (box.current) box.current.scrollLeft = box.current.scrollWidth;
  }, []);

  const pointedAt = (target: EventTarget): Pointed | null => {
    const element = target instanceof Element ? target.closest<HTMLElement>('[data-at]') : null;
    const place = placeOf(element);
    const execution = place && executions[place[1]];
    if (!element || !execution) return null;
    return { element, text: textAt(table, place[0], place[1], zone), execution: execution.id };
  };
  const open = (execution: string): void =>
    void router.navigate({ ...executionPath, params: { id: execution } });
  const onClick = (event: MouseEvent): void => {
    const found = pointedAt(event.target);
    // The browser opens it elsewhere: in a new tab or window.
    if (!found || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    // A finger covers several cells: it chooses one, and a large button below opens its execution.
    if ((event.nativeEvent as PointerEvent).pointerType === 'touch') setTapped(found);
    else open(found.execution);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') return setPointed(null);
    const place = placeOf(event.target as Element);
    const next = place && neighbour(place, event.key, rows.length + 1, executions.length);
    if (!next) return;
    event.preventDefault();
    box.current?.querySelector<HTMLElement>(`[data-at="${next.join(' ')}"]`)?.focus();
  };
  const onFocus = (event: FocusEvent): void => {
    const place = placeOf(event.target);
    if (place) setStop(place);
    setPointed(pointedAt(event.target));
  };
  const cellAt = (row: number, column: number) => ({
    'data-at': `${row} ${column}`,
    'aria-label': textAt(table, row, column, zone),
    tabIndex: stop[0] === row && stop[1] === column ? 0 : -1,
  });
  const hrefs = useMemo(
    () =>
      executions.map(({ id }) => router.buildLocation({ ...executionPath, params: { id } }).href),
    [executions, router],
  );

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
          <thead>
            <tr>
              <th
                scope="row"
                className={`${STICKY} pr-3 text-left align-top text-xs font-normal text-ink-3`}
              >
                {table.longest > 0 ? duration(table.longest) : SAID.execution}
              </th>
              {executions.map((execution, column) => {
                const look = lookOf(execution.status);
                const share = table.longest ? (execution.duration ?? 0) / table.longest : 0;
                return (
                  <td key={column} className="p-0 align-bottom">
                    <a
                      {...cellAt(0, column)}
                      href={hrefs[column]}
                      className="flex w-[18px] flex-col justify-end rounded-[3px] text-center text-2xs leading-3 text-ink-2 hover:bg-sunken"
                      style={{ height: BAR + 14 }}
                    >
                      {look.sign}
                      <span
                        className="w-full rounded-[3px]"
                        style={{
                          height: Math.max(3, share * BAR),
                          background: `var(${look.token})`,
                        }}
                      />
                    </a>
                  </td>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={row.id}>
                <th
                  scope="row"
                  className={`${STICKY} max-w-48 min-w-24 truncate pr-3 text-left font-normal max-sm:max-w-28`}
                >
                  <Name cut of={row.name} />
                </th>
                {row.cells.map((cell, column) => {
                  if (!cell) {
                    return (
                      <td key={column} className="p-0">
                        <span role="img" {...cellAt(at + 1, column)} className={CELL}>
                          <span className="size-0.5 rounded-full bg-line-strong" />
                        </span>
                      </td>
                    );
                  }
                  const { style, sign } = cellLook(cell, byTime, ratio(cell, row));
                  return (
                    <td key={column} className="p-0">
                      <a
                        {...cellAt(at + 1, column)}
                        href={hrefs[column]}
                        data-status={cell.status}
                        style={style}
                        className={`${CELL} hover:opacity-80`}
                      >
                        {sign}
                      </a>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Legend byTime={byTime} />
      {pointed && !tapped && <Tip of={pointed.element} text={pointed.text} />}
      {tapped && (
        <p role="status" className="flex flex-wrap items-center gap-3 border-t px-4 py-2 text-xs">
          <span className="min-w-0 flex-1">{tapped.text}</span>
          <button type="button" className={buttonClass()} onClick={() => open(tapped.execution)}>
            {SAID.openExecution}
          </button>
        </p>
      )}
    </>
  );
}

/** What the cells mean. */
function Legend({ byTime }: { byTime: boolean }): ReactNode {
  const shown = (['completed', 'failed', 'skipped'] as const).filter(
    (status) => !(byTime && status === 'completed'),
  );
  const look = (status: string) =>
    cellLook({ status, duration: null, attempts: 1, runs: 1 }, false, null);
  return (
    <ul className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 pb-3 text-xs text-ink-3">
      {byTime && (
        <li className="flex items-center gap-1.5">
          {[1, 2, 4, 8].map((times) => (
            <span
              key={times}
              aria-hidden="true"
              className={CELL}
              style={cellLook(TIMED, true, times).style}
            />
          ))}
          {SAID.darker}
        </li>
      )}
      {shown.map((status) => (
        <li key={status} className="flex items-center gap-1.5">
          <span aria-hidden="true" className={CELL} style={look(status).style}>
            {look(status).sign}
          </span>
          {SAID.statuses[status]}
        </li>
      ))}
      <li>{SAID.numbers}</li>
    </ul>
  );
}
