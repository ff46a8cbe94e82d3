import type { ReactNode } from 'react';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import type { Answer } from '@/lib/answer';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { overview as words } from '@/words';
import { figureColumn } from '../figureColumn';
import { knownPercentile, percentileColumn } from '../percentile';
import { WorkflowLink } from '../WorkflowLink';
import { workflowRows, type WorkflowRow } from '../workflows/rows';
import { slowestWorkflowsQuery } from '../cardQueries';
import { ExploreLink } from '../explore/ExploreLink';

/** Workflows by p95, slowest first. */
export function SlowestWorkflows({ query }: { query: QueryState<Answer> }): ReactNode {
  return (
    <Card
      title={words.slowestWorkflows}
      note={words.byP95}
      testId="slowest-workflows"
      className="col-span-full xl:col-span-6"
      actions={
        <ExploreLink
          title={words.slowestWorkflows}
          frame={query.data?.frame}
          query={slowestWorkflowsQuery}
        />
      }
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

const knownOf = ({ p95, timed }: WorkflowRow): number | null => knownPercentile(p95, timed);

function Slowest({ rows }: { rows: WorkflowRow[] }): ReactNode {
  const timed = rows.filter((row) => row.p95 !== null);
  const top = Math.max(1, ...timed.map((row) => knownOf(row) ?? 0));
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
      cell: (row) => <InlineBar share={(knownOf(row) ?? 0) / top} color="var(--series-1)" />,
    },
    percentileColumn('p95', words.p95, ({ timed: of }) => of),
    figureColumn('executions', words.columns.executions, 'count', true),
    figureColumn('success', words.columns.success, 'percent'),
  ];
  if (timed.length === 0) return <EmptyNote>{words.noExecutions}</EmptyNote>;
  return (
    <DataTable
      label={words.slowestWorkflows}
      columns={columns}
      rows={timed}
      sort={{ by: 'p95', direction: 'desc' }}
      rowKey={(row) => row.id}
      limit={8}
    />
  );
}
