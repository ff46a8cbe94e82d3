import type { ReactNode } from 'react';
import {
  busyAsk,
  errorsAsk,
  headlineAsk,
  seriesAsk,
  slowestStepsAsk,
  slowestWorkflowsAsk,
} from '../asks';
import { Busiest } from '../board/Busiest';
import { NoData, OutOfRange } from '../board/Empty';
import { Kpis } from '../board/Kpis';
import { Sentence } from '../board/Sentence';
import { DurationsOverTime, ExecutionsOverTime } from '../board/TimeCharts';
import { TopErrors } from '../board/TopErrors';
import { useAsk, useView } from '../view';
import { WorkflowLink } from '../WorkflowLink';
import { SlowestSteps } from './SlowestSteps';
import { SlowestWorkflows } from './SlowestWorkflows';

/** All workflows together: whether anything is wrong, and where. */
export function Overview(): ReactNode {
  const view = useView();
  const some = view.extent !== null;
  const headline = useAsk(view, headlineAsk(view), some);
  const series = useAsk(view, seriesAsk(view), some);
  const busy = useAsk(view, busyAsk(view), some);
  const workflows = useAsk(view, slowestWorkflowsAsk, some, 'later');
  const steps = useAsk(view, slowestStepsAsk, some, 'later');
  const errors = useAsk(view, errorsAsk, some, 'later');
  if (!some) return <NoData view={view} />;
  return (
    <div className="flex flex-col gap-3">
      <title>Overview · Weir</title>
      <h1 className="sr-only">Overview</h1>
      <Sentence view={view} headline={headline} errors={errors.data} />
      <OutOfRange view={view} headline={headline.isPlaceholderData ? undefined : headline.data} />
      <Kpis view={view} headline={headline} series={series} />
      <div className="grid grid-cols-12 gap-3">
        <ExecutionsOverTime view={view} series={series} />
        <DurationsOverTime view={view} series={series} />
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
