import type { ReactNode } from 'react';
import type { ExecutionRow } from '@/api/executions';
import { Name } from '@/components/Name';
import { Skeleton } from '@/components/states';
import type { Shown } from '@/components/windowing';
import { duration, NO_VALUE } from '@/lib/format';
import { executions as words } from '@/words';
import { RelativeTime } from '../../Time';
import { ExecutionLink } from '../ExecutionLink';
import { State } from '../State';
import { workflowOf } from '../state';
import { cellOf, Failure, NUMERIC } from './cells';
import { WIDTHS, type ColumnId } from './columns';
import { keyOf } from './selected';

export interface RowsProps {
  count: number;
  row: (index: number) => ExecutionRow | undefined;
  /** The row that the keyboard is at; -1 for none. */
  at: number;
  /** The keys of the rows that are selected. */
  chosen: string[];
  onChoose: (key: string) => void;
  columns: ColumnId[];
  /** The element that the rows are in, from which positions are measured. */
  body: (element: HTMLElement | null) => void;
}

/** The height of a row of the table, and of a card on a phone, in pixels. */
export const ROW = 32;
export const TOUCH_ROW = 44;
export const CARD = 60;

/** The executions as a table, of which only the rows on screen are drawn. */
export function TableRows(props: RowsProps & { shown: Shown; height: number }): ReactNode {
  const { body, ...rest } = props;
  const { columns, shown, height, count } = rest;
  const total = columns.reduce((sum, id) => sum + WIDTHS[id].grow, 0);
  return (
    <table
      aria-label={words.title}
      aria-rowcount={count + 1}
      data-testid="executions"
      className="w-full table-fixed border-collapse"
    >
      <colgroup>
        <col className="w-10" />
        {columns.map((id) => (
          <col key={id} style={{ width: `${(WIDTHS[id].grow / total) * 100}%` }} />
        ))}
      </colgroup>
      <thead className="sticky top-[45px] z-10 bg-surface max-lg:static">
        <tr aria-rowindex={1}>
          <td className="h-8" />
          {columns.map((id) => (
            <th
              key={id}
              scope="col"
              className={`h-8 truncate px-2 text-xs font-medium text-ink-3 last:pr-4 ${NUMERIC.includes(id) ? 'text-right' : 'text-left'}`}
            >
              {words.columns[id]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        <Gap rows={shown.first} height={height} columns={columns.length + 1} />
        {Array.from({ length: shown.end - shown.first }, (_, offset) => {
          const index = shown.first + offset;
          return <TableRow key={index} {...rest} index={index} />;
        })}
        <Gap rows={count - shown.end} height={height} columns={columns.length + 1} />
      </tbody>
    </table>
  );
}

function Gap(props: { rows: number; height: number; columns: number }): ReactNode {
  if (props.rows <= 0) return null;
  return (
    <tr aria-hidden="true">
      <td colSpan={props.columns} style={{ height: props.rows * props.height, padding: 0 }} />
    </tr>
  );
}

type RowProps = Omit<RowsProps, 'body'>;

function TableRow(props: RowProps & { index: number; height: number }): ReactNode {
  const { index, columns, height } = props;
  const row = props.row(index);
  const chosen = row !== undefined && props.chosen.includes(keyOf(row));
  return (
    <tr
      aria-rowindex={index + 2}
      data-row={row?.id}
      data-at={props.at === index}
      style={{ height }}
      className={`relative border-t -outline-offset-2 outline-accent hover:bg-sunken/60 data-[at=true]:outline-2 ${chosen ? 'bg-accent-soft' : ''}`}
    >
      <td className="pl-3">{row && <Choice {...props} of={row} chosen={chosen} />}</td>
      {columns.map((id) => (
        <td
          key={id}
          className={`max-w-0 truncate px-2 last:pr-4 ${NUMERIC.includes(id) ? 'text-right' : 'text-left'}`}
        >
          {row ? cellOf(id, row) : <Skeleton className="h-3 w-2/3" />}
        </td>
      ))}
    </tr>
  );
}

function Choice(props: {
  of: ExecutionRow;
  chosen: boolean;
  onChoose: (key: string) => void;
}): ReactNode {
  return (
    <label className="relative z-1 flex size-6 items-center justify-center pointer-coarse:size-10">
      <input
        type="checkbox"
        checked={props.chosen}
        onChange={() => props.onChoose(keyOf(props.of))}
        aria-label={words.list.select(`${workflowOf(props.of)}, ${props.of.executionId}`)}
        className="size-3.5 accent-(--accent)"
      />
    </label>
  );
}

/** The executions as cards, for narrow screens. */
export function CardRows(props: RowsProps & { shown: Shown }): ReactNode {
  const { body, ...rest } = props;
  const { shown, count } = rest;
  return (
    <ol
      ref={body}
      aria-label={words.title}
      data-testid="executions"
      className="relative"
      style={{ height: count * CARD }}
    >
      {Array.from({ length: shown.end - shown.first }, (_, offset) => {
        const index = shown.first + offset;
        return <CardRow key={index} {...rest} index={index} />;
      })}
    </ol>
  );
}

function CardRow(props: RowProps & { index: number }): ReactNode {
  const row = props.row(props.index);
  const chosen = row !== undefined && props.chosen.includes(keyOf(row));
  return (
    <li
      data-row={row?.id}
      aria-setsize={props.count}
      aria-posinset={props.index + 1}
      style={{ top: props.index * CARD, height: CARD }}
      className={`absolute inset-x-0 flex gap-1 overflow-hidden border-t py-2 pr-3 pl-1 ${chosen ? 'bg-accent-soft' : ''}`}
    >
      {row ? (
        <>
          <Choice {...props} of={row} chosen={chosen} />
          <div className="flex min-w-0 flex-1 flex-col gap-0.5">
            <p className="flex items-center gap-2">
              <State status={row.status} stale={row.stale} iconOnly />
              <ExecutionLink id={row.id} row inList className="min-w-0 flex-1 truncate font-medium">
                <Name cut of={workflowOf(row)} />
              </ExecutionLink>
              <span>{row.duration == null ? NO_VALUE : duration(row.duration)}</span>
            </p>
            <p className="flex min-w-0 gap-2 truncate text-xs leading-4 text-ink-3">
              <RelativeTime timed at={row.timestamp} />
              {/* What went wrong matters more than who started it. */}
              {row.errorType || row.errorMessage ? (
                <span className="min-w-0">
                  <Failure row={row} />
                </span>
              ) : (
                <>
                  {row.triggerType && <Name cut of={row.triggerType} />}
                  {row.userId && <Name cut of={row.userId} />}
                </>
              )}
            </p>
          </div>
        </>
      ) : (
        <Skeleton className="m-3 h-4 w-2/3" />
      )}
    </li>
  );
}
