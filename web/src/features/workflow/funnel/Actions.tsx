import { useMemo, type ReactNode } from 'react';
import type { WorkflowActions } from '@/api/workflow';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, parseSort, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { NO_VALUE } from '@/lib/format';
import { workflow as words } from '@/words';
import { figureColumn } from '../../figureColumn';
import { percentileColumn } from '../../percentile';
import { usePageSearch, useSetSearch } from '../../view';

const SAID = words.funnel;

interface Row {
  id: string;
  name: string;
  type: string | null;
  reached: number;
  runs: number;
  /** How many of them were not skipped. */
  timed: number;
  success: number | null;
  p50: number | null;
  p95: number | null;
  active: number;
  dropped: number;
  drop: number | null;
}

const rowsOf = (data: WorkflowActions): Row[] =>
  data.actions.map((action) => ({
    id: action.action_id ?? '',
    name: action.action_name ?? action.action_id ?? NO_VALUE,
    type: action.action_type ?? null,
    reached: action.reached,
    runs: action.executions,
    timed: action.executions - action.skipped,
    success: action.success_rate ?? null,
    p50: action.p50_duration_ms ?? null,
    p95: action.p95_duration_ms ?? null,
    active: action.active,
    dropped: action.dropped,
    drop: action.drop_off_rate ?? null,
  }));

const COLUMNS: Column<Row>[] = [
  {
    id: 'name',
    header: SAID.action,
    className: 'max-w-72 truncate',
    sortBy: (row) => row.name,
    cell: (row) => <Name of={row.name} />,
  },
  {
    id: 'type',
    header: words.steps.type,
    widestOnly: true,
    className: 'max-w-40 text-ink-2',
    tells: true,
    sortBy: (row) => row.type,
    cell: (row) => (row.type ? <Name cut of={row.type} /> : NO_VALUE),
  },
  figureColumn('reached', SAID.reached, 'count'),
  figureColumn('runs', words.steps.runs, 'count', true),
  figureColumn('success', words.steps.success, 'percent', true),
  percentileColumn('p50', 'p50', ({ timed }) => timed, true),
  percentileColumn('p95', 'p95', ({ timed }) => timed, true),
  figureColumn('active', SAID.activeHere, 'count', true),
  figureColumn('dropped', SAID.droppedHere, 'count'),
  { ...figureColumn<'drop', Row>('drop', SAID.dropRate, 'percent'), first: 'desc' },
  {
    id: 'bar',
    header: '',
    widestOnly: true,
    className: 'w-1/12',
    cell: (row) => <InlineBar share={(row.drop ?? 0) / 100} color="var(--failed)" />,
  },
];

/** Every action of a workflow: who reached it, how it went, and who got no further. */
export function Actions({ query }: { query: QueryState<WorkflowActions> }): ReactNode {
  const { sort } = usePageSearch();
  const setSearch = useSetSearch();
  const rows = useMemo(() => query.data && rowsOf(query.data), [query.data]);
  return (
    <Card
      title={SAID.actions}
      note={SAID.actionsNote}
      testId="funnel-actions"
      className="col-span-full"
    >
      <QueryContent what={SAID.actions} query={query} skeleton={<TableSkeleton rows={7} />}>
        {() =>
          rows?.length ? (
            <DataTable
              label={SAID.actions}
              columns={COLUMNS}
              rows={rows}
              rowKey={(row) => `${row.id} ${row.type ?? ''}`}
              sort={parseSort(sort, { by: 'reached', direction: 'desc' })}
              onSort={(next) =>
                setSearch({ sort: `${next.by}.${next.direction}` }, { replace: true })
              }
            />
          ) : (
            <EmptyNote>{words.steps.none}</EmptyNote>
          )
        }
      </QueryContent>
    </Card>
  );
}
