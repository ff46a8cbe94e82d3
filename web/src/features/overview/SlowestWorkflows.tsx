import type { ReactNode } from 'react';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import type { Answer } from '@/lib/answer';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { overview as words } from '@/words';
import { figureColumn } from '../figureColumn';
import { WorkflowLink } from '../WorkflowLink';
import { workflowRows, type WorkflowRow } from '../workflows/rows';

/** Workflows by p95, slowest first. */
export function SlowestWorkflows({ query }: { query: QueryState<Answer> }): ReactNode {
  return (
    <Card
      title={words.slowestWorkflows}
      note={words.byP95}
      testId="slowest-workflows"
      className="col-span-full xl:col-span-6"
    >
      <QueryContent
        what={words.slowestWorkflows}
        query={query}
        skeleton={<TableSkeleton rows={8} />}
      >
        {(result) => <Slowest rows={workflowRows(result)} />}
      </QueryContent>
    </Card>
  );
}

function Slowest({ rows }: { rows: WorkflowRow[] }): ReactNode {
  const timed = rows.filter((row) => row.p95 !== null).sort((a, b) => (b.p95 ?? 0) - (a.p95 ?? 0));
  const top = timed[0]?.p95 ?? 1;
  const columns: Column<WorkflowRow>[] = [
    {
      id: 'name',
      header: words.columns.workflow,
      className: 'max-w-44 truncate',
      cell: (row) => <WorkflowLink row id={row.id} name={row.name} />,
    },
    {
      id: 'bar',
      header: '',
      className: 'w-1/6',
      wideOnly: true,
      cell: (row) => <InlineBar share={(row.p95 ?? 0) / top} color="var(--series-1)" />,
    },
    figureColumn('p95', words.p95, 'milliseconds'),
    figureColumn('executions', words.columns.executions, 'count', true),
    figureColumn('success', words.columns.success, 'percent'),
  ];
  if (timed.length === 0) return <EmptyNote>{words.noExecutions}</EmptyNote>;
  return (
    <DataTable
      label={words.slowestWorkflows}
      columns={columns}
      rows={timed}
      rowKey={(row) => row.id}
      limit={8}
    />
  );
}
