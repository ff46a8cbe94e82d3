import type { ReactNode } from 'react';
import type { ServiceLevel } from '@/api/workflow';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { counted } from '@/lib/format';
import { nouns, workflow as words } from '@/words';
import { ERROR_STATUSES } from '../../executionsLink';
import { FigureLink } from '../../FigureLink';
import type { View } from '../../view';
import { Tiles, TilesSkeleton, type Tile } from '../../Tiles';
import { BudgetCharts } from './BudgetCharts';
import { BurnRates } from './BurnRates';
import { History } from './History';
import type { Service } from './read';
import { budgetWords, state } from './summary';

const SAID = words.service;

/** The state of a service level: in words, in figures, and what its target allows. */
export function ServiceHead(props: {
  view: View;
  query: QueryState<ServiceLevel>;
  /** More about the state. */
  more?: ReactNode;
  tilesOf: (report: ServiceLevel) => Tile[];
}): ReactNode {
  return (
    <QueryContent what={SAID.title} query={props.query} skeleton={<TilesSkeleton count={5} />}>
      {(report) => (
        <div className="flex flex-col gap-3">
          <p data-testid="service-state" className="min-h-6 text-base leading-6 text-pretty">
            {state(report)}
            {props.more}
          </p>
          <Tiles label={SAID.title} tiles={props.tilesOf(report)} />
          <div className="flex flex-wrap gap-x-3 gap-y-1 text-xs">
            <p data-testid="budget-explained" className="text-pretty text-ink-3">
              {budgetWords(report)}
            </p>
            <Failed view={props.view} report={report} />
          </div>
        </div>
      )}
    </QueryContent>
  );
}

/** A link to the runs that failed in the window. */
function Failed({ view, report }: { view: View; report: ServiceLevel }): ReactNode {
  const { failedRuns, windowStart, windowEnd } = report.current;
  if (failedRuns === 0) return null;
  const during = { from: Date.parse(windowStart), to: Date.parse(windowEnd) };
  return (
    <p className="text-accent">
      <FigureLink view={view} filters={{ status: ERROR_STATUSES, during }}>
        {SAID.showFailed(counted(failedRuns, nouns.run))}
      </FigureLink>
    </p>
  );
}

/** What is behind a service level: its budget over the window, how fast that is spent, and the windows that ended. */
export function ServiceCards({ view, service }: { view: View; service: Service }): ReactNode {
  return (
    <>
      <BudgetCharts view={view} report={service.report.data} query={service.series} />
      <BurnRates query={service.report} />
      <History query={service.report} ofProject={view.workflows.length === 0} />
    </>
  );
}
