import { Fragment, useMemo, type ReactNode } from 'react';
import { LOCALE } from '@/words/locale';
import { useCellTips } from './cellTips';
import { Icon } from './Icon';

export interface Column<T> {
  id: string;
  header: string;
  /** Figures are right-aligned. */
  numeric?: boolean;
  /** The value to sort by; absent if the column cannot be sorted. */
  sortBy?: (row: T) => number | string | null;
  /** The direction of the first sort; otherwise figures start with the largest, and texts with A. */
  first?: 'asc' | 'desc';
  cell: (row: T) => ReactNode;
  /** The exact value, shown on hover and focus. */
  exact?: (row: T) => string;
  /** The content itself has a title to show on focus: a time, or a name that may be cut. */
  tells?: boolean;
  /** Hidden on narrow screens. */
  wideOnly?: boolean;
  /** Hidden on all but wide screens. */
  widestOnly?: boolean;
  className?: string;
}

/** A sort order; in the URL it reads `p95.desc`. */
export interface Sort {
  by: string;
  direction: 'asc' | 'desc';
}

/** Reads a sort order from the URL; returns the fallback if there is none. */
export function parseSort(text: string | undefined, fallback: Sort): Sort {
  const match = /^([a-z0-9_]+)\.(asc|desc)$/.exec(text ?? '');
  return match?.[1] ? { by: match[1], direction: match[2] as Sort['direction'] } : fallback;
}

function sorted<T>(rows: T[], columns: Column<T>[], sort: Sort | undefined): T[] {
  const sortBy = columns.find((column) => column.id === sort?.by)?.sortBy;
  if (!sort || !sortBy) return rows;
  const sign = sort.direction === 'asc' ? 1 : -1;
  return [...rows].sort((a, b) => {
    const left = sortBy(a);
    const right = sortBy(b);
    // Rows without a value go last in either direction.
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === 'string' || typeof right === 'string') {
      return sign * String(left).localeCompare(String(right), LOCALE, { numeric: true });
    }
    return sign * (left - right);
  });
}

/** Rows that stand together under a line of their own, in the order of their sections; rows of none come last. */
export interface Sections<T> {
  /** The section of a row. */
  of: (row: T) => string | undefined;
  /** Every section, and what stands above its rows. */
  heads: { id: string | undefined; head: (rows: number) => ReactNode }[];
}

/** The rows under each head; sections without rows are left out, and rows of no section need no head if they are all. */
function parts<T>(rows: T[], sections: Sections<T> | undefined) {
  if (!sections) return [{ id: undefined, head: null, rows }];
  const found = sections.heads.flatMap(({ id, head }) => {
    const own = rows.filter((row) => sections.of(row) === id);
    return own.length > 0 ? [{ id, head: head(own.length), rows: own }] : [];
  });
  return found.some(({ id }) => id !== undefined) ? found : [{ id: undefined, head: null, rows }];
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** The rows are in order already; `sort` only says which. */
  presorted?: boolean;
  /** How many rows to show at most. */
  limit?: number;
  sections?: Sections<T>;
  testId?: string;
}

/** A dense table: 32 px rows, figures right-aligned, headers that sort. */
export function DataTable<T>(props: Props<T>): ReactNode {
  const { columns, rows, sort, onSort, presorted = false } = props;
  const ordered = useMemo(
    () => (presorted ? rows : sorted(rows, columns, sort)),
    [rows, columns, sort, presorted],
  );
  const shown = props.limit ? ordered.slice(0, props.limit) : ordered;
  const keyOf = (row: T, column: Column<T>): string => `${props.rowKey(row)} ${column.id}`;
  const edge = columns.findLast(({ wideOnly, widestOnly }) => !wideOnly && !widestOnly);
  const teller = columns.find((column) => column.exact ?? column.tells);
  const tips = useCellTips(teller && shown[0] && keyOf(shown[0], teller));
  return (
    <div className="scroll-edges overflow-x-auto rounded-b-lg pb-1">
      <table aria-label={props.label} data-testid={props.testId} className="w-full border-collapse">
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell
                key={column.id}
                column={column}
                edge={column === edge}
                sort={sort}
                onSort={onSort}
              />
            ))}
          </tr>
        </thead>
        <tbody {...tips.body}>
          {parts(shown, props.sections).map((part) => (
            <Fragment key={part.id ?? ''}>
              {part.head && (
                <tr className="border-t">
                  <th
                    scope="rowgroup"
                    colSpan={columns.length}
                    className="px-4 pt-3 pb-1 text-left font-medium"
                  >
                    {part.head}
                  </th>
                </tr>
              )}
              {part.rows.map((row) => (
                <tr
                  key={props.rowKey(row)}
                  data-row={props.rowKey(row)}
                  className="relative h-8 border-t hover:bg-sunken/60 pointer-coarse:h-10"
                >
                  {columns.map((column) => (
                    <td
                      key={column.id}
                      title={column.exact?.(row)}
                      {...((column.exact ?? column.tells) && tips.cell(keyOf(row, column)))}
                      className={`${cellClass(column, column === edge)} ${column.className ?? ''}`}
                    >
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
      {tips.tip}
    </div>
  );
}

/** `edge`: the column is the last one that a phone shows. */
function cellClass<T>(column: Column<T>, edge: boolean): string {
  const align = column.numeric ? 'text-right whitespace-nowrap' : 'text-left';
  return `px-1.5 md:px-2 first:pl-4 last:pr-4 ${edge ? 'max-md:pr-4' : ''} ${align} ${column.widestOnly ? 'max-xl:hidden' : column.wideOnly ? 'max-md:hidden' : ''}`;
}

function HeaderCell<T>(props: {
  column: Column<T>;
  edge: boolean;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
}): ReactNode {
  const { column, edge, sort, onSort } = props;
  const direction = sort?.by === column.id ? sort.direction : undefined;
  // A column of bars has no header text, and a `th` must have some.
  if (!column.header) return <td className={cellClass(column, edge)} />;
  const first = column.first ?? (column.numeric ? 'desc' : 'asc');
  const next = direction === undefined ? first : direction === 'asc' ? 'desc' : 'asc';
  const aria = direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : undefined;
  return (
    <th
      scope="col"
      aria-sort={aria}
      className={`h-8 text-xs font-medium whitespace-nowrap text-ink-3 ${cellClass(column, edge)}`}
    >
      {column.sortBy && onSort ? (
        <button
          type="button"
          onClick={() => onSort({ by: column.id, direction: next })}
          className={`inline-flex min-h-6 items-center pointer-coarse:min-h-10 gap-0.5 rounded hover:text-ink ${direction ? 'text-ink' : ''} ${column.numeric ? 'flex-row-reverse' : ''}`}
        >
          {column.header}
          <span className={direction ? '' : 'invisible'}>
            <Icon name={direction === 'asc' ? 'up' : 'down'} size={11} />
          </span>
        </button>
      ) : (
        column.header
      )}
    </th>
  );
}

/** A bar from 0 to 1 in a table row. Decorative: the figure is next to it. */
export function InlineBar({ share, color }: { share: number; color?: string }): ReactNode {
  const width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <div aria-hidden="true" className="h-1.5 w-full min-w-12 rounded-full bg-sunken">
      <div
        className="h-full rounded-full"
        style={{ width, minWidth: share > 0 ? 2 : 0, background: color ?? 'var(--accent)' }}
      />
    </div>
  );
}
