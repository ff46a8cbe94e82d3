import { Link, useParams } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { buttonClass } from '@/components/Button';
import type { Answer } from '@/lib/answer';
import { frameOf } from '@/lib/search';
import { Breadcrumb } from '../Breadcrumb';
import {
  busiestQuery,
  errorStepsQuery,
  headlineQuery,
  identityQuery,
  seriesQuery,
  stepsQuery,
  versionsQuery,
} from '../cardQueries';
import { Busiest } from '../board/Busiest';
import { NoData, OutOfRange } from '../board/Empty';
import { Kpis } from '../board/Kpis';
import { Sentence } from '../board/Sentence';
import { MainChart } from '../board/MainChart';
import { DurationsOverTime } from '../board/TimeCharts';
import { TopErrors } from '../board/TopErrors';
import { useCoverage } from '../coverage';
import { hasEvents, nameOf } from '../rows';
import { useCardQuery } from '../useCardQuery';
import { everything, useView, type View } from '../view';
import { Steps } from './Steps';
import { Versions } from './Versions';
import { Name } from '@/components/Name';

/** One workflow: the cards of the overview, and its steps and versions. */
export function Workflow(): ReactNode {
  const { id } = useParams({ from: '/frame/board/workflows/$id' });
  const view = useView();
  if (!view.extent) return <NoData view={view} />;
  // Another workflow starts anew: the figures of one never stand under the name of the other.
  return <Known key={`${view.project.id} ${id}`} page={view} id={id} />;
}

/** The name of a workflow, and whether it has ever run, if one of the answers says so. */
function useIdentity(view: View, headline: Answer | undefined) {
  const [id = ''] = view.workflows;
  const silent = headline !== undefined && !hasEvents(headline.rows[0]);
  const always = useMemo(
    (): View => ({ ...view, ...everything(view), env: undefined, relative: false }),
    [view],
  );
  const query = useCardQuery(always, identityQuery, silent, 'later');
  const known = query.data ? hasEvents(query.data.rows[0]) : undefined;
  return { name: query.data && nameOf(query.data, 'workflow', id), unknown: known === false };
}

function Known({ page, id }: { page: View; id: string }): ReactNode {
  const view = useMemo(() => ({ ...page, workflows: [id] }), [page, id]);
  const headline = useCardQuery(view, headlineQuery(view));
  const series = useCardQuery(view, seriesQuery(view));
  const steps = useCardQuery(view, stepsQuery, true, 'later');
  const versions = useCardQuery(view, versionsQuery, true, 'later');
  const errors = useCardQuery(view, errorStepsQuery, true, 'later');
  const busy = useCardQuery(view, busiestQuery(view));
  const coverage = useCoverage(view);
  const identity = useIdentity(view, headline.data);
  const name = identity.name ?? (versions.data ? nameOf(versions.data, 'workflow', id) : id);
  return (
    <div className="flex flex-col gap-3">
      <title>{`${name} · Weir`}</title>
      <div>
        <Breadcrumb to="/workflows" label="Workflows" />
        <h1 className="text-lg leading-7 font-semibold" data-testid="workflow-name">
          <Name of={name} />
        </h1>
      </div>
      {identity.unknown ? (
        <Unknown id={id} project={page.project.name} />
      ) : (
        <>
          <Sentence headline={headline} errors={errors.data} />
          <OutOfRange
            view={page}
            subject={name}
            headline={headline.isPlaceholderData ? undefined : headline.data}
          />
          <Kpis headline={headline} series={series} coverage={coverage} />
          <div className="grid grid-cols-12 gap-3">
            <MainChart series={series} coverage={coverage} />
            <DurationsOverTime series={series} coverage={coverage} />
            <Steps query={steps} />
            <Versions query={versions} />
            <TopErrors query={errors} by="error_step" placeHeader="Most in step" workflow={id} />
            <Busiest view={view} query={busy} />
          </div>
        </>
      )}
    </div>
  );
}

/** Shown for a workflow that has never run in this project. */
function Unknown({ id, project }: { id: string; project: string }): ReactNode {
  return (
    <section
      data-testid="unknown-workflow"
      className="flex flex-col items-start gap-3 rounded-lg border bg-surface p-6"
    >
      <p>
        Project <Name of={project} /> has no workflow with the ID{' '}
        <strong className="font-mono">
          <Name of={id} />
        </strong>
        , or you do not have access to it.
      </p>
      <Link to="/workflows" search={(previous) => frameOf(previous)} className={buttonClass()}>
        Show all workflows
      </Link>
    </section>
  );
}
