import type { ReactNode } from 'react';
import { workflow as words } from '@/words';
import { CELL, cellLook, lookOf, STATUS_ORDER } from './look';
import type { Drawn } from './model';

const SAID = words.grid;
const TIMED = { status: 'completed', duration: 1, attempts: 1, runs: 1 };

/** The states that a grid shows, of executions and of steps. */
const shownIn = ({ executions, rows }: Drawn): Set<string> =>
  new Set([
    ...executions.map(({ status }) => status),
    ...rows.flatMap(({ cells }) => cells.flatMap((cell) => cell?.status ?? [])),
  ]);

/** What the cells mean. */
export function GridLegend({ table, byTime }: { table: Drawn; byTime: boolean }): ReactNode {
  const shown = shownIn(table);
  const look = (status: string) =>
    status === 'skipped'
      ? cellLook({ status, duration: null, attempts: 1, runs: 1 }, false, null)
      : { style: { background: `var(${lookOf(status).token})` }, sign: lookOf(status).sign };
  const retried = table.rows.some(({ cells }) => cells.some((cell) => (cell?.attempts ?? 0) > 1));
  const missing = table.rows.some(({ cells }) => cells.includes(null));
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
      {STATUS_ORDER.filter((status) => shown.has(status)).map((status) => (
        <li key={status} className="flex items-center gap-1.5">
          <span aria-hidden="true" className={CELL} style={look(status).style}>
            {look(status).sign}
          </span>
          {SAID.statuses[status]}
        </li>
      ))}
      {missing && (
        <li className="flex items-center gap-1.5">
          <span aria-hidden="true" className="size-1 rounded-full bg-line-strong" />
          {SAID.notRun}
        </li>
      )}
      {retried && <li>{SAID.numbers}</li>}
    </ul>
  );
}
