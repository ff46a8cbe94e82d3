import { useMemo, type ReactNode } from 'react';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { compact, exact, isolated } from '@/lib/format';
import { connectors } from '@/words';
import { useCounted, type Counted, type ExecutionFilters } from '../executionsLink';
import { figureColumn } from '../figureColumn';
import { FigureLink } from '../FigureLink';
import { percentileColumn } from '../percentile';
import { nameOf, textOf } from '../rows';
import { WorkflowLink } from '../WorkflowLink';
import { LISTED } from './queries';
import { figuresOf, groupsOf, type Figures } from './rows';

const words = connectors.steps;

interface StepRow extends Pick<Figures, 'runs' | 'failed' | 'share' | 'timed' | 'p95'> {
  workflow: string | null;
  workflowName: string | null;
  step: string | null;
  name: string;
}

function stepRows(answer: Answer): StepRow[] {
  return answer.rows.map((row) => {
    const [workflow, step] = [textOf(row, 'workflow'), textOf(row, 'step')];
    return {
      ...figuresOf(row),
      workflow,
      workflowName: workflow && nameOf(answer, 'workflow', workflow),
      step,
      name: step === null ? words.unnamed : nameOf(answer, 'step', step),
    };
  });
}

/** The steps that a connector runs, each with the way to its executions. */
export function StepTable({ query }: { query: QueryState<Answer> }): ReactNode {
  return (
    <Card title={words.title} note={words.note} testId="connector-steps" className="col-span-full">
      <QueryContent what={words.title} query={query} skeleton={<TableSkeleton rows={8} />}>
        {(answer) => <Rows answer={answer} />}
      </QueryContent>
    </Card>
  );
}

/** A column of numbers, each of which leads to the executions that it counts. */
function linked(
  id: 'runs' | 'failed',
  header: string,
  counted: Counted,
  of: (row: StepRow) => { filters: ExecutionFilters; label: string } | null,
): Column<StepRow> {
  return {
    id,
    header,
    numeric: true,
    exact: (row) => exact(row[id]),
    cell: (row) => {
      const link = of(row);
      return link ? (
        <FigureLink view={counted} filters={link.filters} label={link.label}>
          {compact(row[id])}
        </FigureLink>
      ) : (
        compact(row[id])
      );
    },
  };
}

function columnsFor(counted: Counted): Column<StepRow>[] {
  return [
    {
      id: 'step',
      header: words.step,
      className: 'max-w-52 truncate',
      cell: ({ name }) => <Name cut of={name} />,
      tells: true,
    },
    {
      id: 'workflow',
      header: connectors.dependents.workflow,
      wideOnly: true,
      className: 'max-w-60 truncate',
      tells: true,
      cell: ({ workflow, workflowName }) =>
        workflow === null ? (
          <span className="text-ink-3">{connectors.dependents.none}</span>
        ) : (
          <WorkflowLink id={workflow} name={workflowName ?? workflow} />
        ),
    },
    linked('runs', connectors.dependents.runs, counted, ({ workflow, step, name, runs }) =>
      step === null
        ? null
        : {
            filters: { workflow: workflow ?? undefined, step },
            label: words.show(compact(runs), isolated(name)),
          },
    ),
    linked('failed', connectors.dependents.failed, counted, ({ workflow, step, name, failed }) =>
      step === null || failed === 0
        ? null
        : {
            filters: { workflow: workflow ?? undefined, errorStep: step },
            label: words.showFailed(compact(failed), isolated(name)),
          },
    ),
    figureColumn('share', connectors.dependents.share, 'percent', true),
    percentileColumn('p95', connectors.dependents.p95, ({ timed }) => timed),
  ];
}

function Rows({ answer }: { answer: Answer }): ReactNode {
  const counted = useCounted(answer);
  const rows = useMemo(() => stepRows(answer), [answer]);
  const columns = useMemo(() => columnsFor(counted), [counted]);
  if (rows.length === 0) return <EmptyNote>{connectors.one.notRun}</EmptyNote>;
  const others = groupsOf(answer) - Math.min(LISTED, rows.length);
  return (
    <>
      <DataTable
        label={words.title}
        columns={columns}
        rows={rows}
        rowKey={({ workflow, step }) => `${workflow ?? ''} ${step ?? ''}`}
        limit={LISTED}
      />
      {others > 0 && (
        <p className="border-t px-4 py-2 text-xs text-ink-3">{words.others(others)}</p>
      )}
    </>
  );
}
