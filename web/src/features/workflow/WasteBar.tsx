import type { ReactNode } from 'react';
import type { Costs } from '@/api/workflow';
import { Card } from '@/components/Card';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, Skeleton } from '@/components/states';
import { counted, exactFigure, figure, percent } from '@/lib/format';
import { nouns, workflow as words } from '@/words';

const SAID = words.cost;

/** The outcomes that money was spent on, with the colour of each; those that earned nothing first. */
const OUTCOMES = [
  ['failed', '--failed'],
  ['retried', '--waiting'],
  ['canceled', '--canceled'],
  ['open', '--started'],
  ['unattributed', '--line-strong'],
  ['successful', '--completed'],
] as const;

/** What was spent, by what came of it. */
export function WasteBar({ query }: { query: QueryState<Costs> }): ReactNode {
  return (
    <Card title={SAID.waste} note={SAID.wasteNote} testId="waste" className="col-span-full">
      <QueryContent
        what={SAID.waste}
        query={query}
        skeleton={<Skeleton className="mx-4 mb-4 h-16" />}
      >
        {({ waste, current }) => {
          const parts = OUTCOMES.map(([id, token]) => ({ id, token, ...waste[id] }));
          const all = parts.reduce((sum, part) => sum + part.cost, 0);
          if (all <= 0 || current.totalCost <= 0) return <EmptyNote>{SAID.nothing}</EmptyNote>;
          const shown = parts.filter((part) => part.cost > 0);
          return (
            <div className="flex flex-col gap-2 px-4 pt-1 pb-4">
              <div aria-hidden="true" className="flex h-4 gap-px overflow-hidden rounded">
                {shown.map((part) => (
                  <span
                    key={part.id}
                    style={{
                      flexGrow: part.cost / all,
                      minWidth: 2,
                      background: `var(${part.token})`,
                    }}
                  />
                ))}
              </div>
              <ul className="flex flex-wrap gap-x-6 gap-y-1 text-xs">
                {shown.map((part) => (
                  <li key={part.id} className="flex items-center gap-1.5">
                    <span
                      aria-hidden="true"
                      className="size-2.5 rounded-sm"
                      style={{ background: `var(${part.token})` }}
                    />
                    {SAID.outcomes[part.id]}
                    <span className="font-medium" title={exactFigure(part.cost, 'usd')}>
                      {figure(part.cost, 'usd')}
                    </span>
                    <span className="text-ink-3">
                      {percent((100 * part.cost) / all)}
                      {part.executions > 0 && `, ${counted(part.executions, nouns.execution)}`}
                    </span>
                  </li>
                ))}
              </ul>
            </div>
          );
        }}
      </QueryContent>
    </Card>
  );
}
