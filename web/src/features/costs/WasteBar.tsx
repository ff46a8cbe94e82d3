import type { ReactNode } from 'react';
import type { Costs } from '@/api/costs';
import { Card } from '@/components/Card';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, Skeleton } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { counted, exactFigure, figure, percent } from '@/lib/format';
import { costs as words, nouns } from '@/words';
import {
  COST_ANYTHING,
  ERROR_STATUSES,
  useCounted,
  type ExecutionFilters,
} from '../executionsLink';
import { FigureLink } from '../FigureLink';
import { PartsBar, type BarPart } from './PartsBar';

const SAID = words.waste;

interface Outcome {
  id: keyof typeof SAID.outcomes;
  token: string;
  /** The executions that came out so. Those that have not ended or are not named cannot be listed. */
  filters?: ExecutionFilters;
}

/** The outcomes that money was spent on; those that earned nothing first. */
const OUTCOMES: Outcome[] = [
  { id: 'failed', token: '--failed', filters: { status: ERROR_STATUSES, retried: 'false' } },
  { id: 'retried', token: '--waiting', filters: { retried: 'true' } },
  { id: 'canceled', token: '--canceled', filters: { status: 'canceled', retried: 'false' } },
  { id: 'open', token: '--started' },
  { id: 'unattributed', token: '--line-strong' },
  { id: 'successful', token: '--completed', filters: { status: 'completed', retried: 'false' } },
];

/** What was spent, by what came of it. */
export function WasteBar({ query }: { query: QueryState<Costs & Asked> }): ReactNode {
  return (
    <Card title={SAID.title} note={SAID.note} testId="waste" className="col-span-full">
      <QueryContent
        what={SAID.title}
        query={query}
        skeleton={<Skeleton className="mx-4 mb-4 h-16" />}
      >
        {(data) => <Outcomes data={data} />}
      </QueryContent>
    </Card>
  );
}

function Outcomes({ data }: { data: Costs & Asked }): ReactNode {
  const { waste, current } = data;
  const view = useCounted(data);
  const all = OUTCOMES.reduce((sum, { id }) => sum + waste[id].cost, 0);
  if (all <= 0 || current.totalCost <= 0) return <EmptyNote>{words.nothing}</EmptyNote>;
  const parts = OUTCOMES.map(({ id, token, filters }): BarPart => {
    const { cost, executions } = waste[id];
    const label = SAID.outcomes[id];
    return {
      id,
      token,
      amount: cost / all,
      label: filters ? (
        <FigureLink
          view={view}
          filters={{ ...filters, minCost: COST_ANYTHING }}
          label={SAID.show(label)}
        >
          <span className="touch-target underline decoration-line-strong">{label}</span>
        </FigureLink>
      ) : (
        label
      ),
      figure: figure(cost, 'usd'),
      exact: exactFigure(cost, 'usd'),
      detail: [
        percent((100 * cost) / all),
        ...(executions > 0 ? [SAID.withCosts(counted(executions, nouns.execution))] : []),
      ].join(', '),
    };
  });
  return <PartsBar parts={parts} />;
}
