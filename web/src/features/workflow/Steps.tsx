import type { ReactNode } from 'react';
import type { QueryResult } from '@/api/types';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, parseSort, type Column, type Sort } from '@/components/DataTable';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { NO_VALUE, percent } from '@/lib/format';
import { figureColumn } from '../figureColumn';
import { nameOf, numberOf, textOf } from '../rows';
import { usePageSearch, useSetSearch } from '../view';
import { Name } from '@/components/Name';

interface StepRow {
  id: string;
  name: string;
  type: string | null;
  runs: number;
  success: number | null;
  p50: number | null;
  p95: number | null;
  total: number | null;
  /** The share of the time of all steps that was spent in this one, 0 to 1. */
  share: number;
}

/** The rows of a result of `stepsQuery`, each with its share of the time of all steps. */
export function stepRows(result: QueryResult): StepRow[] {
  const everything = [...result.rows, ...(result.other?.rows ?? [])];
  const all = everything.reduce((sum, row) => sum + (numberOf(row, 'step_duration_sum') ?? 0), 0);
  return result.rows.map((row) => {
    const id = textOf(row, 'step') ?? '';
    // Without a single timed run there is no total, rather than a total of zero.
    const timed = numberOf(row, 'step_duration_p50') !== null;
    const total = timed ? numberOf(row, 'step_duration_sum') : null;
    return {
      id,
      name: id ? nameOf(result, 'step', id) : 'Unnamed step',
      type: textOf(row, 'step_type'),
      runs: numberOf(row, 'steps') ?? 0,
      success: numberOf(row, 'step_success_rate'),
      p50: numberOf(row, 'step_duration_p50'),
      p95: numberOf(row, 'step_duration_p95'),
      total,
      share: all > 0 ? (total ?? 0) / all : 0,
    };
  });
}

const COLUMNS: Column<StepRow>[] = [
  {
    id: 'name',
    header: 'Step',
    className: 'max-w-72 truncate',
    sortBy: (row) => row.name,
    cell: (row) => <Name of={row.name} />,
    exact: (row) => (row.name === row.id ? row.id : `${row.name} (${row.id})`),
  },
  {
    id: 'type',
    header: 'Type',
    wideOnly: true,
    className: 'max-w-40 text-ink-2',
    sortBy: (row) => row.type,
    cell: (row) => (row.type ? <Name cut of={row.type} /> : NO_VALUE),
    tells: true,
  },
  figureColumn('runs', 'Runs', 'count'),
  figureColumn('success', 'Success rate', 'percent', true),
  figureColumn('p50', 'p50', 'milliseconds', true),
  figureColumn('p95', 'p95', 'milliseconds'),
  figureColumn('total', 'Total time', 'milliseconds', true),
  {
    id: 'share',
    header: 'Share of time',
    numeric: true,
    sortBy: (row) => row.share,
    cell: (row) => percent(row.share * 100),
  },
  {
    id: 'bar',
    header: '',
    className: 'w-1/6',
    wideOnly: true,
    cell: (row) => <InlineBar share={row.share} color="var(--series-1)" />,
  },
];

const SLOWEST = { by: 'p95', direction: 'desc' } as const;

/** The order of a table in words: `slowest first`, `by runs, largest first`. */
export function orderWords(sort: Sort): string | undefined {
  if (sort.by === SLOWEST.by) return sort.direction === 'desc' ? 'slowest first' : 'fastest first';
  const column = COLUMNS.find((entry) => entry.id === sort.by && entry.sortBy);
  if (!column) return undefined;
  const [up, down] = column.numeric ? ['smallest', 'largest'] : ['A', 'Z'];
  return `by ${column.header.toLowerCase()}, ${sort.direction === 'asc' ? up : down} first`;
}

/** The steps of a workflow with their timing, slowest first unless the URL names another order. */
export function Steps({ query }: { query: QueryState<Answer> }): ReactNode {
  const { sort } = usePageSearch();
  return (
    <Card
      title="Steps"
      note={orderWords(parseSort(sort, SLOWEST))}
      testId="steps"
      className="col-span-full"
    >
      <QueryContent what="Steps" query={query} skeleton={<TableSkeleton rows={8} />}>
        {(result) => <StepTable rows={stepRows(result)} />}
      </QueryContent>
    </Card>
  );
}

function StepTable({ rows }: { rows: StepRow[] }): ReactNode {
  const { sort } = usePageSearch();
  const setSearch = useSetSearch();
  if (rows.length === 0) return <EmptyNote>No steps of this workflow ran in this range.</EmptyNote>;
  return (
    <DataTable
      label="Steps"
      columns={COLUMNS}
      rows={rows}
      rowKey={(row) => `${row.id} ${row.type ?? ''}`}
      sort={parseSort(sort, SLOWEST)}
      onSort={(next) => setSearch({ sort: `${next.by}.${next.direction}` }, { replace: true })}
    />
  );
}
