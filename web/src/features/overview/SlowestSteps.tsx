import type { ReactNode } from 'react';
import type { QueryResult } from '@/api/types';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { NO_VALUE } from '@/lib/format';
import { overview as words } from '@/words';
import { figureColumn } from '../figureColumn';
import { knownPercentile, percentileColumn } from '../percentile';
import { nameOf, numberOf, textOf } from '../rows';
import { WorkflowLink } from '../WorkflowLink';
import { Name } from '@/components/Name';
import { slowestStepsQuery } from '../cardQueries';
import { ExploreLink } from '../explore/ExploreLink';

interface StepRow {
  step: string;
  name: string;
  workflow: string | null;
  workflowName: string;
  p95: number;
  runs: number | null;
  /** How many of them have a duration. */
  timed: number;
}

function slowRows(result: QueryResult): StepRow[] {
  return result.rows.flatMap((row) => {
    const p95 = numberOf(row, 'step_duration_p95');
    if (p95 === null) return [];
    const step = textOf(row, 'step') ?? '';
    const workflow = textOf(row, 'workflow');
    return [
      {
        step,
        name: step ? nameOf(result, 'step', step) : words.unnamedStep,
        workflow,
        workflowName: workflow ? nameOf(result, 'workflow', workflow) : NO_VALUE,
        p95,
        runs: numberOf(row, 'steps'),
        timed: numberOf(row, 'step_durations') ?? 0,
      },
    ];
  });
}

/** How many steps are listed. */
const MOST = 8;

const knownOf = ({ p95, timed }: StepRow): number | null => knownPercentile(p95, timed);

/** The steps that take longest in any workflow; each row leads to its workflow. */
export function SlowestSteps({ query }: { query: QueryState<Answer> }): ReactNode {
  return (
    <Card
      title={words.slowestSteps}
      note={words.byP95}
      testId="slowest-steps"
      className="col-span-full xl:col-span-6"
      actions={
        <ExploreLink
          title={words.slowestSteps}
          frame={query.data?.frame}
          query={slowestStepsQuery}
        />
      }
    >
      <QueryContent what={words.slowestSteps} query={query} skeleton={<TableSkeleton rows={8} />}>
        {(result) => <Slowest rows={slowRows(result)} />}
      </QueryContent>
    </Card>
  );
}

function Slowest({ rows }: { rows: StepRow[] }): ReactNode {
  const top = Math.max(1, ...rows.map((row) => knownOf(row) ?? 0));
  const columns: Column<StepRow>[] = [
    {
      id: 'name',
      header: words.columns.step,
      className: 'max-w-48 truncate',
      cell: (row) =>
        row.workflow === null ? (
          <Name of={row.name} />
        ) : (
          <WorkflowLink row id={row.workflow} name={row.name} />
        ),
      exact: (row) => (row.name === row.step ? row.step : `${row.name} (${row.step})`),
    },
    {
      id: 'workflow',
      header: words.columns.workflow,
      wideOnly: true,
      className: 'max-w-40 truncate text-ink-2',
      cell: (row) => <Name of={row.workflowName} />,
      exact: (row) => row.workflowName,
    },
    {
      id: 'bar',
      header: '',
      className: 'w-1/6',
      wideOnly: true,
      cell: (row) => <InlineBar share={(knownOf(row) ?? 0) / top} color="var(--series-1)" />,
    },
    percentileColumn('p95', words.p95, ({ timed }) => timed),
    figureColumn('runs', words.columns.runs, 'count'),
  ];
  if (rows.length === 0) return <EmptyNote>{words.noSteps}</EmptyNote>;
  return (
    <DataTable
      label={words.slowestSteps}
      columns={columns}
      rows={rows}
      sort={{ by: 'p95', direction: 'desc' }}
      limit={MOST}
      rowKey={(row) => `${row.step} ${row.workflow ?? ''}`}
    />
  );
}
