import type { ReactNode } from 'react';
import type { ErrorGroupDetail } from '@/api/errors';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { EmptyNote } from '@/components/states';
import { compact, exact, NO_VALUE } from '@/lib/format';
import type { Asked } from '@/lib/answer';
import { useCounted, type ExecutionFilters } from '../executionsLink';
import { FigureLink } from '../FigureLink';
import { WorkflowLink } from '../WorkflowLink';
import { Name } from '@/components/Name';
import { errors } from '@/words';

const words = errors.affected;

interface Props {
  /** The id of the group. */
  id: string;
  data: ErrorGroupDetail & Asked;
}

/** The workflows with errors of a group. */
export function AffectedWorkflows({ id, data }: Props): ReactNode {
  const { group } = data;
  return (
    <Affected
      data={data}
      filters={(row) => (row.workflowId ? { error: id, workflow: row.workflowId } : null)}
      title={words.affectedWorkflows}
      testId="affected"
      rows={group.affectedWorkflows}
      all={group.workflowCount}
      rowKey={(row) => row.workflowId ?? ''}
      name={{
        id: 'workflow',
        header: words.workflow,
        cell: (row) =>
          row.workflowId ? (
            <WorkflowLink row id={row.workflowId} name={row.workflowName ?? row.workflowId} />
          ) : (
            NO_VALUE
          ),
      }}
    />
  );
}

/** The steps that fail with errors of a group. */
export function FailedSteps({ id, data }: Props): ReactNode {
  const { group } = data;
  return (
    <Affected
      data={data}
      filters={(row) => (row.stepId ? { error: id, step: row.stepId } : null)}
      title={words.failedSteps}
      testId="failed-steps"
      rows={group.affectedSteps}
      all={group.stepCount}
      rowKey={(row) => row.stepId ?? ''}
      name={{
        id: 'step',
        header: words.step,
        cell: (row) => <Name of={row.stepName ?? row.stepId ?? NO_VALUE} />,
        exact: (row) => row.stepId ?? NO_VALUE,
      }}
    />
  );
}

function Affected<T extends { count: number }>(props: {
  data: Asked;
  /** The executions that a row counts; null if no filter names them. */
  filters: (row: T) => ExecutionFilters | null;
  title: string;
  testId: string;
  rows: T[];
  /** How many there are, including those that are not listed. */
  all: number;
  rowKey: (row: T) => string;
  name: Column<T>;
}): ReactNode {
  const { title, rows } = props;
  const counted = useCounted(props.data);
  const most = Math.max(...rows.map((row) => row.count), 1);
  const columns: Column<T>[] = [
    { ...props.name, className: 'max-w-60 truncate' },
    {
      id: 'bar',
      header: '',
      wideOnly: true,
      className: 'w-1/3',
      cell: (row) => <InlineBar share={row.count / most} color="var(--failed)" />,
    },
    {
      id: 'count',
      header: words.count,
      numeric: true,
      cell: (row) => {
        const filters = props.filters(row);
        if (!filters) return compact(row.count);
        return (
          <FigureLink view={counted} filters={filters}>
            {compact(row.count)}
          </FigureLink>
        );
      },
      exact: (row) => exact(row.count),
    },
  ];
  const more = props.all - rows.length;
  return (
    <Card
      title={title}
      note={more > 0 ? words.more(more) : undefined}
      testId={props.testId}
      className="col-span-full xl:col-span-5"
    >
      {rows.length === 0 ? (
        <EmptyNote>{words.noneRange}</EmptyNote>
      ) : (
        <DataTable label={title} columns={columns} rows={rows} rowKey={props.rowKey} />
      )}
    </Card>
  );
}
