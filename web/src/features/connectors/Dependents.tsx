import { useMemo, type ReactNode } from 'react';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { compact, exact, isolated } from '@/lib/format';
import { connectors } from '@/words';
import { useCounted, type Counted } from '../executionsLink';
import { figureColumn } from '../figureColumn';
import { FigureLink } from '../FigureLink';
import { percentileColumn } from '../percentile';
import { nameOf, textOf } from '../rows';
import { useCardQuery } from '../useCardQuery';
import type { View } from '../view';
import { WorkflowLink } from '../WorkflowLink';
import { dependentsQuery } from './queries';
import { figuresOf, groupsOf, sumsOf, type Figures } from './rows';

const words = connectors.dependents;

/** A workflow that uses a connector; without an id, runs that name none; without a name, the sum of the others. */
interface Dependent extends Pick<Figures, 'runs' | 'failed' | 'share' | 'timed' | 'p95'> {
  id: string | null;
  name: string | null;
}

/** The workflows of an answer, in its order, and last the sum of those that are not listed. */
export function dependentsOf(answer: Answer): Dependent[] {
  const listed = answer.rows.map((row): Dependent => {
    const id = textOf(row, 'workflow');
    const name = id === null ? words.none : nameOf(answer, 'workflow', id);
    return { ...figuresOf(row), id, name };
  });
  const others = (answer.other?.rows ?? []).map((row): Dependent => ({
    ...figuresOf(row),
    id: null,
    name: null,
  }));
  return [...listed, ...others.filter(({ runs }) => runs > 0)];
}

/** The workflows that use a connector, the most frequent first. */
export function Dependents({ view, connector }: { view: View; connector: string }): ReactNode {
  const query = useCardQuery(view, dependentsQuery(connector), true, 'later');
  return (
    <Card
      title={words.title}
      note={query.data && words.note(groupsOf(query.data))}
      testId="dependents"
      className="col-span-full self-start xl:col-span-6"
    >
      <QueryContent what={words.title} query={query} skeleton={<TableSkeleton rows={8} />}>
        {(answer) => <Rows answer={answer} connector={connector} />}
      </QueryContent>
    </Card>
  );
}

function columnsFor(
  connector: string,
  all: number,
  others: number,
  counted: Counted,
): Column<Dependent>[] {
  return [
    {
      id: 'name',
      header: words.workflow,
      className: 'max-w-52 truncate',
      tells: true,
      cell: ({ id, name }) => {
        if (name === null) return <span className="text-ink-3">{words.others(others)}</span>;
        if (id === null) return <span className="text-ink-3">{name}</span>;
        return <WorkflowLink id={id} name={name} />;
      },
    },
    {
      id: 'runs',
      header: words.runs,
      numeric: true,
      exact: ({ runs }) => exact(runs),
      cell: ({ id, name, runs }) =>
        id === null ? (
          compact(runs)
        ) : (
          <FigureLink
            view={counted}
            filters={{ workflow: id, stepType: connector }}
            label={words.show(compact(runs), isolated(name ?? id))}
          >
            {compact(runs)}
          </FigureLink>
        ),
    },
    {
      id: 'bar',
      header: '',
      wideOnly: true,
      className: 'w-[18%]',
      cell: ({ runs }) => <InlineBar share={runs / all} color="var(--series-1)" />,
    },
    {
      ...figureColumn<'failed', Dependent>('failed', words.failed, 'count'),
      cell: ({ id, name, failed }) =>
        id === null || failed === 0 ? (
          compact(failed)
        ) : (
          <FigureLink
            view={counted}
            filters={{ workflow: id, failedStepType: connector }}
            label={words.showFailed(compact(failed), isolated(name ?? id))}
          >
            {compact(failed)}
          </FigureLink>
        ),
    },
    figureColumn('share', words.share, 'percent', true),
    percentileColumn('p95', words.p95, ({ timed }) => timed, true),
  ];
}

function Rows({ answer, connector }: { answer: Answer; connector: string }): ReactNode {
  const counted = useCounted(answer);
  const rows = useMemo(() => dependentsOf(answer), [answer]);
  if (rows.length === 0) return <EmptyNote>{words.nothing}</EmptyNote>;
  const others = groupsOf(answer) - answer.rows.length;
  return (
    <DataTable
      label={words.title}
      columns={columnsFor(connector, Math.max(1, sumsOf(answer).runs), others, counted)}
      rows={rows}
      rowKey={({ id, name }) => id ?? (name === null ? 'others' : 'none')}
    />
  );
}
