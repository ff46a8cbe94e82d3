import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { DataTable, type Column, type Sort } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { Sparkline } from '@/components/Sparkline';
import { exactFigure, figure } from '@/lib/format';
import { frameOf } from '@/lib/search';
import { workflows as words } from '@/words';
import { ChangeCell, toldOf } from './ChangeCell';
import { SORTS, type ListRow } from './list';
import { RowState, whyOf } from './StateTag';
import type { Trends } from './trends';

export interface RowsProps {
  rows: ListRow[];
  trends: Trends | undefined;
  /** The families that are unfolded. */
  open: string[];
  onToggle: (family: string) => void;
}

/** The workflows as a table. */
export function WorkflowTable(
  props: RowsProps & { sort: Sort; onSort: (sort: Sort) => void },
): ReactNode {
  const { trends, open, onToggle } = props;
  const columns = useMemo(() => columnsOf({ trends, open, onToggle }), [trends, open, onToggle]);
  return (
    <DataTable
      label={words.title}
      columns={columns}
      rows={props.rows}
      rowKey={(row) => row.key}
      sort={props.sort}
      onSort={props.onSort}
      presorted
    />
  );
}

/** The name of a row: a link to the workflow, or a button that unfolds the family. */
export function RowName(props: {
  row: ListRow;
  open: boolean;
  onToggle: (family: string) => void;
}): ReactNode {
  const { row, open, onToggle } = props;
  const look = 'after:absolute after:inset-0 hover:underline';
  if (row.members) {
    return (
      <button
        type="button"
        data-row-link
        aria-expanded={open}
        title={open ? words.collapse(row.name) : words.expand(row.name)}
        onClick={() => onToggle(row.id)}
        onKeyDown={(event) => {
          const wanted =
            event.key === 'ArrowRight' ? true : event.key === 'ArrowLeft' ? false : open;
          if (wanted !== open) onToggle(row.id);
        }}
        className={`inline-flex max-w-full items-center gap-1.5 text-left ${look}`}
      >
        <span className={`text-ink-3 transition-transform ${open ? '' : '-rotate-90'}`}>
          <Icon name="chevron" size={12} />
        </span>
        <span className="truncate">
          <Name of={row.name} />
        </span>
        <span className="text-xs whitespace-nowrap text-ink-3">
          {words.members(row.members.length)}
        </span>
      </button>
    );
  }
  return (
    <Link
      to="/workflows/$id"
      params={{ id: row.id }}
      search={(previous) => ({ ...frameOf(previous), workflow: undefined, ...LEFT_BEHIND })}
      title={row.name}
      data-row-link
      className={`${look} ${row.inFamily ? 'pl-6' : ''}`}
    >
      <Name of={row.name} />
    </Link>
  );
}

/** What stays in the list when a workflow is opened. */
const LEFT_BEHIND = { open: undefined, group: undefined, state: undefined, rows: undefined };

type FigureId = 'executions' | 'success' | 'p50' | 'p95' | 'cost';

function figureOf(
  id: FigureId,
  unit: 'count' | 'percent' | 'milliseconds' | 'usd',
  hidden: Partial<Column<ListRow>> = {},
): Column<ListRow> {
  const longest = id === 'p50' || id === 'p95';
  return {
    id,
    header: words.columns[id],
    numeric: true,
    sortBy: SORTS[id],
    ...(id === 'success' ? { first: 'asc' as const } : {}),
    ...hidden,
    cell: (row) =>
      longest && (row.members?.length ?? 0) > 1 && row[id] !== null
        ? words.upTo(figure(row[id], unit))
        : figure(row[id], unit),
    exact: (row) => exactFigure(row[id], unit),
  };
}

function columnsOf({ trends, open, onToggle }: Omit<RowsProps, 'rows'>): Column<ListRow>[] {
  return [
    {
      id: 'state',
      header: words.columns.state,
      className: 'w-32',
      sortBy: SORTS.state,
      cell: (row) => <RowState row={row} />,
      exact: whyOf,
    },
    {
      id: 'name',
      header: words.columns.name,
      className: 'max-w-80 truncate',
      sortBy: SORTS.name,
      cell: (row) => <RowName row={row} open={open.includes(row.id)} onToggle={onToggle} />,
    },
    {
      id: 'trend',
      header: words.columns.trend,
      widestOnly: true,
      className: 'w-32',
      cell: (row) => <Sparkline values={[]} {...trends?.of(row)} />,
    },
    figureOf('executions', 'count'),
    figureOf('success', 'percent'),
    figureOf('p50', 'milliseconds', { widestOnly: true }),
    figureOf('p95', 'milliseconds', { widestOnly: true }),
    figureOf('cost', 'usd'),
    {
      id: 'change',
      header: words.columns.change,
      numeric: true,
      sortBy: SORTS.change,
      cell: (row) => <ChangeCell of={row} />,
      exact: (row) => toldOf(row).exact,
    },
  ];
}
