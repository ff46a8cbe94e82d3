import type { ReactNode } from 'react';
import {
  busiestQuery,
  errorsQuery,
  slowestStepsQuery,
  slowestWorkflowsQuery,
} from '../cardQueries';
import { Busiest } from '../board/Busiest';
import { NoData, OutOfRange } from '../board/Empty';
import { Kpis } from '../board/Kpis';
import { Sentence } from '../board/Sentence';
import { MainChart } from '../board/MainChart';
import { DurationsOverTime } from '../board/TimeCharts';
import { TopErrors } from '../board/TopErrors';
import { useBoard } from '../board/useBoard';
import { useCoverage } from '../coverage';
import { useCardQuery } from '../useCardQuery';
import { useView } from '../view';
import { WorkflowLink } from '../WorkflowLink';
import { SlowestSteps } from './SlowestSteps';
import { SlowestWorkflows } from './SlowestWorkflows';

/** All workflows together: whether anything is wrong, and where. */
export function Overview(): ReactNode {
  const view = useView();
  const hasData = view.extent !== null;
  const { headline, series } = useBoard(view, hasData);
  const busy = useCardQuery(view, busiestQuery(view), hasData);
  const workflows = useCardQuery(view, slowestWorkflowsQuery, hasData, 'later');
  const steps = useCardQuery(view, slowestStepsQuery, hasData, 'later');
  const errors = useCardQuery(view, errorsQuery, hasData, 'later');
  const coverage = useCoverage(view);
  if (!hasData) return <NoData view={view} />;
  return (
    <div className="flex flex-col gap-3">
      <title>Overview · Weir</title>
      <h1 className="sr-only">Overview</h1>
      <Sentence headline={headline} errors={errors.data} />
      <OutOfRange view={view} headline={headline.isPlaceholderData ? undefined : headline.data} />
      <Kpis headline={headline} series={series} coverage={coverage} />
      <div className="grid grid-cols-12 gap-3">
        <MainChart series={series} coverage={coverage} />
        <DurationsOverTime series={series} coverage={coverage} />
        <SlowestWorkflows query={workflows} />
        <SlowestSteps query={steps} />
        <TopErrors
          query={errors}
          by="workflow"
          placeHeader="Most in"
          link={(id, name) => <WorkflowLink id={id} name={name} />}
        />
        <Busiest view={view} query={busy} />
      </div>
    </div>
  );
}
