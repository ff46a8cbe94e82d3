import type { ReactNode } from 'react';
import type { Row } from '@/api/types';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { exact, exactFigure, figure } from '@/lib/format';
import { activity as words } from '@/words';
import { useCounted } from '../executionsLink';
import { FigureLink } from '../FigureLink';
import { nameOf, numberOf, textOf } from '../rows';
import { useCardQuery, type CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { WorkflowLink } from '../WorkflowLink';
import { ExploreLink } from '../explore/ExploreLink';

const SAID = words.user.workflows;
/** How many workflows are listed. */
const SHOWN = 50;

const workflowsOf = (user: string): CardQuery => ({
  metrics: ['executions', 'success_rate', 'cost'],
  dimensions: ['workflow'],
  filters: [{ dimension: 'user', op: 'in', values: [user] }],
  orderBy: [{ metric: 'executions', direction: 'desc' }],
  limit: SHOWN,
});

/** The workflows that a user ran, and how that went. */
export function UserWorkflows({ view, user }: { view: View; user: string }): ReactNode {
  const query = useCardQuery(view, workflowsOf(user), true, 'later');
  return (
    <Card
      title={SAID.title}
      testId="user-workflows"
      actions={
        <ExploreLink title={SAID.title} frame={query.data?.frame} query={workflowsOf(user)} />
      }
    >
      <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={6} />}>
        {(answer) =>
          answer.rows.length === 0 ? (
            <EmptyNote>{SAID.nothing}</EmptyNote>
          ) : (
            <>
              <Listed answer={answer} user={user} />
              {answer.meta.groups > answer.rows.length && (
                <p className="border-t px-4 py-2 text-xs text-ink-3">
                  {words.shownOf(exact(answer.rows.length), exact(answer.meta.groups))}
                </p>
              )}
            </>
          )
        }
      </QueryContent>
    </Card>
  );
}

function Listed({ answer, user }: { answer: Answer; user: string }): ReactNode {
  const counted = useCounted(answer);
  const columns: Column<Row>[] = [
    {
      id: 'workflow',
      header: SAID.workflow,
      cell: (row) => {
        const id = textOf(row, 'workflow');
        return id ? (
          <WorkflowLink id={id} name={nameOf(answer, 'workflow', id)} />
        ) : (
          <span className="text-ink-3">{SAID.none}</span>
        );
      },
    },
    {
      id: 'executions',
      header: SAID.executions,
      numeric: true,
      cell: (row) => (
        <FigureLink
          view={counted}
          filters={{ user, workflow: textOf(row, 'workflow') ?? undefined }}
        >
          {figure(numberOf(row, 'executions'), 'count')}
        </FigureLink>
      ),
      exact: (row) => exactFigure(numberOf(row, 'executions'), 'count'),
    },
    {
      id: 'success',
      header: SAID.success,
      numeric: true,
      cell: (row) => figure(numberOf(row, 'success_rate'), 'percent'),
      exact: (row) => exactFigure(numberOf(row, 'success_rate'), 'percent'),
    },
    {
      id: 'cost',
      header: SAID.cost,
      numeric: true,
      wideOnly: true,
      cell: (row) => figure(numberOf(row, 'cost'), 'usd'),
      exact: (row) => exactFigure(numberOf(row, 'cost'), 'usd'),
    },
  ];
  return (
    <DataTable
      label={SAID.title}
      columns={columns}
      rows={answer.rows}
      rowKey={(row) => textOf(row, 'workflow') ?? ''}
      presorted
    />
  );
}
