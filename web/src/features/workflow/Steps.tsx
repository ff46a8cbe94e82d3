import type { ReactNode } from 'react';
import type { QueryResult } from '@/api/types';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, parseSort, type Column, type Sort } from '@/components/DataTable';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { NO_VALUE, percent } from '@/lib/format';
import { workflow } from '@/words';
import { figureColumn } from '../figureColumn';
import { percentileColumn } from '../percentile';
import { nameOf, numberOf, textOf } from '../rows';
import { usePageSearch, useSetSearch } from '../view';
import { Name } from '@/components/Name';
import { stepsQuery } from '../cardQueries';
import { ExploreLink } from '../explore/ExploreLink';

const words = workflow.overview.steps;

interface StepRow {
  id: string;
  name: string;
  type: string | null;
  runs: number;
  /** How many of them have a duration. */
  timed: number;
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
      name: id ? nameOf(result, 'step', id) : words.unnamed,
      type: textOf(row, 'step_type'),
      runs: numberOf(row, 'steps') ?? 0,
      timed: numberOf(row, 'step_durations') ?? 0,
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
    header: words.step,
    className: 'max-w-72 truncate',
    sortBy: (row) => row.name,
    cell: (row) => <Name of={row.name} />,
    exact: (row) => (row.name === row.id ? row.id : `${row.name} (${row.id})`),
  },
  {
    id: 'type',
    header: words.type,
    wideOnly: true,
    className: 'max-w-40 text-ink-2',
    sortBy: (row) => row.type,
    cell: (row) => (row.type ? <Name cut of={row.type} /> : NO_VALUE),
    tells: true,
  },
  figureColumn('runs', words.runs, 'count'),
  figureColumn('success', words.success, 'percent', true),
  percentileColumn('p50', words.p50, ({ timed }) => timed, true),
  percentileColumn('p95', words.p95, ({ timed }) => timed),
  figureColumn('total', words.total, 'milliseconds', true),
  {
    id: 'share',
    header: words.share,
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
  const down = sort.direction === 'desc';
  if (sort.by === SLOWEST.by) return down ? words.slowestFirst : words.fastestFirst;
  const column = COLUMNS.find((entry) => entry.id === sort.by && entry.sortBy);
  if (!column) return undefined;
  const { largest, smallest, fromA, fromZ } = words.order;
  const say = column.numeric ? (down ? largest : smallest) : down ? fromZ : fromA;
  return say(column.header);
}

/** The steps of a workflow with their timing, slowest first unless the URL names another order. */
export function Steps({ query }: { query: QueryState<Answer> }): ReactNode {
  const { sort } = usePageSearch();
  return (
    <Card
      title={words.title}
      note={orderWords(parseSort(sort, SLOWEST))}
      testId="steps"
      className="col-span-full"
      actions={<ExploreLink title={words.title} frame={query.data?.frame} query={stepsQuery} />}
    >
      <QueryContent what={words.title} query={query} skeleton={<TableSkeleton rows={8} />}>
        {(result) => <StepTable rows={stepRows(result)} />}
      </QueryContent>
    </Card>
  );
}

function StepTable({ rows }: { rows: StepRow[] }): ReactNode {
  const { sort } = usePageSearch();
  const setSearch = useSetSearch();
  if (rows.length === 0) return <EmptyNote>{words.none}</EmptyNote>;
  return (
    <DataTable
      label={words.title}
      columns={COLUMNS}
      rows={rows}
      rowKey={(row) => `${row.id} ${row.type ?? ''}`}
      sort={parseSort(sort, SLOWEST)}
      onSort={(next) => setSearch({ sort: `${next.by}.${next.direction}` }, { replace: true })}
    />
  );
}
