import type { ReactNode } from 'react';
import type { QueryResult } from '@/api/types';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, parseSort, type Column } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { counted, exact } from '@/lib/format';
import { workflowsBy } from '../cardQueries';
import { NoData, OutOfRange } from '../board/Empty';
import { figureColumn } from '../figureColumn';
import { useCardQuery } from '../useCardQuery';
import { usePageSearch, useSetSearch, useView, type View } from '../view';
import { WorkflowLink } from '../WorkflowLink';
import { workflowRows, type WorkflowRow } from './rows';

/** The metric by which the server ranks for each column. */
const METRICS: Record<string, string> = {
  executions: 'executions',
  success: 'success_rate',
  p50: 'duration_p50',
  p95: 'duration_p95',
  errors: 'errors',
  steps: 'steps',
};
const USUAL = { by: 'executions', direction: 'desc' } as const;

function listed({ rows, meta }: QueryResult): string {
  const all = counted(meta.groups, 'workflow');
  return rows.length < meta.groups ? `the first ${exact(rows.length)} of ${all}` : all;
}

/** Every workflow that ran in the range. */
export function Workflows(): ReactNode {
  const view = useView();
  const { sort } = usePageSearch();
  const order = parseSort(sort, USUAL);
  const cardQuery = workflowsBy(METRICS[order.by] ?? 'executions', order.direction);
  const query = useCardQuery(view, cardQuery, view.extent !== null, 'later');
  if (!view.extent) return <NoData view={view} />;
  return (
    <div className="flex flex-col gap-3">
      <title>Workflows · Weir</title>
      <h1 className="sr-only">Workflows</h1>
      <Card
        title="Workflows"
        note={query.data && listed(query.data)}
        testId="workflows"
        actions={<SearchField />}
      >
        <QueryContent what="Workflows" query={query} skeleton={<TableSkeleton rows={12} />}>
          {(result) => <Table view={view} result={result} />}
        </QueryContent>
      </Card>
    </div>
  );
}

function SearchField(): ReactNode {
  const { q } = usePageSearch();
  const setSearch = useSetSearch();
  return (
    <label className="flex h-8 items-center gap-1.5 rounded-md border px-2 focus-within:border-accent pointer-coarse:h-10">
      <Icon name="search" size={14} />
      <span className="sr-only">Search workflows</span>
      <input
        data-search
        type="search"
        value={q ?? ''}
        placeholder="Search ( / )"
        onChange={(event) => setSearch({ q: event.target.value || undefined }, { replace: true })}
        className="w-40 bg-transparent outline-none"
      />
    </label>
  );
}

function columnsFor(rows: WorkflowRow[]): Column<WorkflowRow>[] {
  const most = Math.max(...rows.map((row) => row.executions), 1);
  return [
    {
      id: 'name',
      header: 'Workflow',
      className: 'max-w-96 truncate',
      sortBy: (row) => row.name,
      cell: (row) => <WorkflowLink row id={row.id} name={row.name} />,
    },
    {
      id: 'bar',
      header: '',
      className: 'w-1/6',
      wideOnly: true,
      cell: (row) => <InlineBar share={row.executions / most} />,
    },
    figureColumn('executions', 'Executions', 'count'),
    figureColumn('success', 'Success rate', 'percent'),
    figureColumn('p50', 'p50', 'milliseconds', true),
    figureColumn('p95', 'p95', 'milliseconds'),
    figureColumn('errors', 'Errors', 'count', true),
    figureColumn('steps', 'Steps', 'count', true),
  ];
}

function Table({ view, result }: { view: View; result: Answer }): ReactNode {
  const { q, sort } = usePageSearch();
  const setSearch = useSetSearch();
  const all = workflowRows(result);
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const rows = all.filter((row) =>
    words.every((word) => `${row.name} ${row.id}`.toLowerCase().includes(word)),
  );
  if (all.length === 0) {
    return (
      <div className="p-4">
        <OutOfRange view={view} headline={result} />
      </div>
    );
  }
  if (rows.length === 0) return <EmptyNote>No workflow matches “{q}”.</EmptyNote>;
  return (
    <DataTable
      label="Workflows"
      columns={columnsFor(all)}
      rows={rows}
      rowKey={(row) => row.id}
      sort={parseSort(sort, USUAL)}
      onSort={(next) => setSearch({ sort: `${next.by}.${next.direction}` }, { replace: true })}
    />
  );
}
