import { useParams } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { Breadcrumb } from '../Breadcrumb';
import {
  busiestQuery,
  errorStepsQuery,
  headlineQuery,
  seriesQuery,
  stepsQuery,
  versionsQuery,
} from '../cardQueries';
import { Busiest } from '../board/Busiest';
import { NoData, OutOfRange } from '../board/Empty';
import { Kpis } from '../board/Kpis';
import { Sentence } from '../board/Sentence';
import { DurationsOverTime, ExecutionsOverTime } from '../board/TimeCharts';
import { TopErrors } from '../board/TopErrors';
import { nameOf } from '../rows';
import { useCardQuery } from '../useCardQuery';
import { useView } from '../view';
import { Steps } from './Steps';
import { Versions } from './Versions';

/** One workflow: the cards of the overview, and its steps and versions. */
export function Workflow(): ReactNode {
  const { id } = useParams({ from: '/frame/board/workflows/$id' });
  const page = useView();
  const view = useMemo(() => ({ ...page, workflows: [id] }), [page, id]);
  const hasData = view.extent !== null;
  const headline = useCardQuery(view, headlineQuery(view), hasData);
  const series = useCardQuery(view, seriesQuery(view), hasData);
  const steps = useCardQuery(view, stepsQuery, hasData, 'later');
  const versions = useCardQuery(view, versionsQuery, hasData, 'later');
  const errors = useCardQuery(view, errorStepsQuery, hasData, 'later');
  const busy = useCardQuery(view, busiestQuery(view), hasData);
  if (!hasData) return <NoData view={view} />;
  const name = versions.data ? nameOf(versions.data, 'workflow', id) : id;
  return (
    <div className="flex flex-col gap-3">
      <title>{`${name} · Weir`}</title>
      <div>
        <Breadcrumb to="/workflows" label="Workflows" />
        <h1 className="text-lg leading-7 font-semibold" data-testid="workflow-name">
          {name}
        </h1>
      </div>
      <Sentence view={view} headline={headline} errors={errors.data} />
      <OutOfRange view={page} headline={headline.isPlaceholderData ? undefined : headline.data} />
      <Kpis view={view} headline={headline} series={series} />
      <div className="grid grid-cols-12 gap-3">
        <ExecutionsOverTime view={view} series={series} />
        <DurationsOverTime view={view} series={series} />
        <Steps query={steps} />
        <Versions query={versions} />
        <TopErrors query={errors} by="error_step" placeHeader="Most in step" workflow={id} />
        <Busiest view={view} query={busy} />
      </div>
    </div>
  );
}
