import { useMemo, useState, type ReactNode } from 'react';
import {
  WORKFLOW_ANALYTICS,
  type DocumentReport,
  type QueueReport,
  type ServiceOverview,
  type Standings,
} from '@/api/reliability';
import { Button } from '@/components/Button';
import { counted, exact } from '@/lib/format';
import { frame, nouns, reliability as words, workflow } from '@/words';
import { NoData } from '../board/Empty';
import { usePermission } from '../session';
import { useView, type View } from '../view';
import { useRead } from '../read';
import { BUCKETS, useService, type Service } from '../workflow/service/read';
import { ServiceCards, ServiceHead } from '../workflow/service/ServiceCards';
import { SetTarget } from '../workflow/service/SetTarget';
import { WindowPicker } from '../workflow/service/WindowPicker';
import { Documents } from './Documents';
import { standing } from './objectives';
import { ObjectiveTable } from './ObjectiveTable';
import { Queues } from './Queues';
import { useReliabilitySearch } from './search';
import { headTiles } from './tiles';
import { useObjectives } from './useObjectives';

/** Whether what was promised is kept: by the project, by each workflow, and by documents and queues. */
export function Reliability(): ReactNode {
  const view = useView();
  // The page is about the whole project: the objectives of workflows are in its table.
  const whole = useMemo(() => ({ ...view, workflows: [] }), [view]);
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(words.title)}</title>
      <h1 className="sr-only">{words.title}</h1>
      {view.extent === null ? <NoData view={view} /> : <Cards view={whole} />}
    </div>
  );
}

function Cards({ view }: { view: View }): ReactNode {
  const [{ window }, set] = useReliabilitySearch();
  const service = useService(view, window);
  const objectives = useObjectives(view, window);
  const overview = useRead<ServiceOverview>(
    view,
    `${WORKFLOW_ANALYTICS}/overview`,
    { window: service.shown },
    { ranged: false, enabled: service.shown !== undefined },
  );
  const { documents, queues } = useOutput(view, service);
  return (
    <>
      <Choices view={view} service={service} onPick={(picked) => set({ window: picked })} />
      <ServiceHead
        view={view}
        query={service.report}
        more={objectives.data && <Standing standings={objectives.data} />}
        tilesOf={(data) => headTiles(data, overview.data, documents.data)}
      />
      <div className="grid grid-cols-12 gap-3">
        <ObjectiveTable query={objectives} />
        <ServiceCards view={view} service={service} />
        <Documents query={documents} />
        <Queues query={queues} />
      </div>
    </>
  );
}

/** Documents and queues, over the time that the service level is about. */
function useOutput(view: View, { report, shown }: Service) {
  const current = report.data?.current;
  const parameters = {
    from: current?.windowStart,
    to: current?.windowEnd,
    bucket: shown && BUCKETS[shown],
  };
  const options = { ranged: false, enabled: current !== undefined && shown !== undefined };
  return {
    documents: useRead<DocumentReport>(
      view,
      `${WORKFLOW_ANALYTICS}/documents`,
      parameters,
      options,
    ),
    queues: useRead<QueueReport>(view, `${WORKFLOW_ANALYTICS}/queues`, parameters, options),
  };
}

/** The window of the page, and the target of the project for those who may change it. */
function Choices(props: {
  view: View;
  service: Service;
  onPick: Parameters<typeof WindowPicker>[0]['onPick'];
}): ReactNode {
  const { view, service } = props;
  const allowed = usePermission(view.project, 'manage_settings');
  const [editing, setEditing] = useState(false);
  const { data } = service.report;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <WindowPicker shown={service.shown} onPick={props.onPick} />
      <span className="text-xs text-ink-3">{words.windowNote}</span>
      {allowed && data && (
        <>
          <Button className="ml-auto" onClick={() => setEditing(true)}>
            {workflow.service.change}
          </Button>
          <SetTarget
            view={view}
            config={data.config}
            open={editing}
            onClose={() => setEditing(false)}
          />
        </>
      )}
    </div>
  );
}

/** How many workflows miss their target, and how many cannot be judged. */
function Standing({ standings: { targets } }: { standings: Standings }): ReactNode {
  const workflows = targets.filter(({ workflowId }) => workflowId != null);
  const { missed, few } = standing(workflows);
  const firing = targets.find(({ workflowId }) => workflowId == null)?.firing ?? 0;
  const judged = counted(workflows.length, nouns.workflow);
  if (workflows.length === 0) return null;
  return (
    <span className="text-ink-2">
      {missed === 0 ? words.noneMissed(judged) : words.someMissed(exact(missed), judged)}
      {few > 0 ? words.tooFew(exact(few)) : words.end}
      {firing === 1 && words.oneFiring}
      {firing > 1 && words.firing(counted(firing, nouns.burnAlert))}
    </span>
  );
}
