import type { ReactNode } from 'react';
import type { ErrorGroupDetail } from '@/api/errors';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { EmptyNote } from '@/components/states';
import { compact, exact, NO_VALUE } from '@/lib/format';
import { WorkflowLink } from '../WorkflowLink';
import { Name } from '@/components/Name';

type Group = ErrorGroupDetail['group'];

/** The workflows with errors of a group. */
export function AffectedWorkflows({ group }: { group: Group }): ReactNode {
  return (
    <Affected
      title="Affected workflows"
      testId="affected"
      rows={group.affectedWorkflows}
      all={group.workflowCount}
      rowKey={(row) => row.workflowId ?? ''}
      name={{
        id: 'workflow',
        header: 'Workflow',
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
export function FailedSteps({ group }: { group: Group }): ReactNode {
  return (
    <Affected
      title="Failed steps"
      testId="failed-steps"
      rows={group.affectedSteps}
      all={group.stepCount}
      rowKey={(row) => row.stepId ?? ''}
      name={{
        id: 'step',
        header: 'Step',
        cell: (row) => <Name of={row.stepName ?? row.stepId ?? NO_VALUE} />,
        exact: (row) => row.stepId ?? NO_VALUE,
      }}
    />
  );
}

function Affected<T extends { count: number }>(props: {
  title: string;
  testId: string;
  rows: T[];
  /** How many there are, including those that are not listed. */
  all: number;
  rowKey: (row: T) => string;
  name: Column<T>;
}): ReactNode {
  const { title, rows } = props;
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
      header: 'Count',
      numeric: true,
      cell: (row) => compact(row.count),
      exact: (row) => exact(row.count),
    },
  ];
  const more = props.all - rows.length;
  return (
    <Card
      title={title}
      note={more > 0 ? `and ${more} more` : undefined}
      testId={props.testId}
      className="col-span-full xl:col-span-5"
    >
      {rows.length === 0 ? (
        <EmptyNote>None in this range.</EmptyNote>
      ) : (
        <DataTable label={title} columns={columns} rows={rows} rowKey={props.rowKey} />
      )}
    </Card>
  );
}
