import { useMemo, type ReactNode } from 'react';
import type { Costs } from '@/api/costs';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { exact } from '@/lib/format';
import { costs as words } from '@/words';
import { COST_ANYTHING, ERROR_STATUSES, useCounted, type Counted } from '../executionsLink';
import { figureColumn } from '../figureColumn';
import { FigureLink } from '../FigureLink';
import type { View } from '../view';
import { WorkflowLink } from '../WorkflowLink';
import { useWorkflowNames } from '../workflowNames';

const SAID = words.wasteful;

interface Wasted {
  id: string | null;
  name: string;
  cost: number;
  share: number | null;
  executions: number;
  /** Its part of the most wasted, from 0 to 1. */
  bar: number;
}

function wastedBy({ waste }: Costs, names: Map<string, string>): Wasted[] {
  const most = Math.max(0, ...waste.workflows.map(({ cost }) => cost));
  return waste.workflows.map(({ workflowId, cost, share, executions }) => ({
    id: workflowId ?? null,
    name: workflowId ? (names.get(workflowId) ?? workflowId) : SAID.noWorkflow,
    cost,
    share: share ?? null,
    executions,
    bar: most > 0 ? cost / most : 0,
  }));
}

const columnsOf = (view: Counted): Column<Wasted>[] => [
  {
    id: 'name',
    header: SAID.workflow,
    className: 'max-w-36 truncate',
    tells: true,
    cell: ({ id, name }) =>
      id === null ? <Name cut of={name} /> : <WorkflowLink id={id} name={name} />,
  },
  figureColumn('cost', words.wasted, 'usd'),
  {
    id: 'bar',
    header: '',
    wideOnly: true,
    className: 'w-[14%]',
    cell: ({ bar }) => <InlineBar share={bar} color="var(--failed)" />,
  },
  figureColumn('share', SAID.ofWorkflow, 'percent', true),
  {
    id: 'executions',
    header: SAID.executions,
    numeric: true,
    cell: ({ id, name, executions }) =>
      id === null ? (
        exact(executions)
      ) : (
        <FigureLink
          view={view}
          filters={{ workflow: id, status: ERROR_STATUSES, minCost: COST_ANYTHING }}
          label={SAID.show(name)}
        >
          {exact(executions)}
        </FigureLink>
      ),
  },
];

/** The workflows that wasted the most, with their failed executions behind the count. */
export function Wasteful(props: { view: View; query: QueryState<Costs & Asked> }): ReactNode {
  const { list } = useWorkflowNames(props.view, true);
  const names = useMemo(() => new Map(list.map(({ id, name }) => [id, name])), [list]);
  return (
    <Card
      title={SAID.title}
      note={SAID.note}
      testId="wasteful"
      className="col-span-full xl:col-span-6"
    >
      <QueryContent what={SAID.title} query={props.query} skeleton={<TableSkeleton rows={5} />}>
        {(data) => <Workflows data={data} names={names} />}
      </QueryContent>
    </Card>
  );
}

function Workflows(props: { data: Costs & Asked; names: Map<string, string> }): ReactNode {
  const { data, names } = props;
  const counted = useCounted(data);
  const rows = useMemo(() => wastedBy(data, names), [data, names]);
  if (rows.length === 0) return <EmptyNote>{SAID.nothing}</EmptyNote>;
  return (
    <DataTable
      label={SAID.title}
      columns={columnsOf(counted)}
      rows={rows}
      rowKey={({ id }) => id ?? ''}
    />
  );
}
