import { Link, useParams } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { frameOf } from '@/lib/search';
import { busyAsk, errorStepsAsk, headlineAsk, seriesAsk, stepsAsk, versionsAsk } from '../asks';
import { Busiest } from '../board/Busiest';
import { NoData, OutOfRange } from '../board/Empty';
import { Kpis } from '../board/Kpis';
import { Sentence } from '../board/Sentence';
import { DurationsOverTime, ExecutionsOverTime } from '../board/TimeCharts';
import { TopErrors } from '../board/TopErrors';
import { nameOf } from '../rows';
import { useAsk, useView } from '../view';
import { Steps } from './Steps';
import { Versions } from './Versions';

/** One workflow: the cards of the overview, and its steps and versions. */
export function Workflow(): ReactNode {
  const { id } = useParams({ from: '/frame/board/workflows/$id' });
  const page = useView();
  const view = useMemo(() => ({ ...page, workflows: [id] }), [page, id]);
  const some = view.extent !== null;
  const headline = useAsk(view, headlineAsk(view), some);
  const series = useAsk(view, seriesAsk(view), some);
  const steps = useAsk(view, stepsAsk, some, 'later');
  const versions = useAsk(view, versionsAsk, some, 'later');
  const errors = useAsk(view, errorStepsAsk, some, 'later');
  const busy = useAsk(view, busyAsk(view), some);
  if (!some) return <NoData view={view} />;
  const name = versions.data ? nameOf(versions.data, 'workflow', id) : id;
  return (
    <div className="flex flex-col gap-3">
      <title>{`${name} · Weir`}</title>
      <div>
        <nav aria-label="Breadcrumb" className="text-xs text-ink-3">
          <Link
            to="/workflows"
            search={(previous) => frameOf(previous)}
            className="hover:underline"
          >
            Workflows
          </Link>{' '}
          /
        </nav>
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
