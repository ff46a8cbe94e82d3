import { Link, Outlet, useParams } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { buttonClass } from '@/components/Button';
import { Name } from '@/components/Name';
import { Skeleton } from '@/components/states';
import { frameOf } from '@/lib/search';
import { frame, workflow as words } from '@/words';
import { NoData } from '../board/Empty';
import { Breadcrumb } from '../Breadcrumb';
import { identityQuery } from '../cardQueries';
import { hasEvents, nameOf } from '../rows';
import { useCardQuery } from '../useCardQuery';
import { everything, useView, type View } from '../view';
import { WorkflowOf } from './context';
import { Tabs } from './Tabs';

/** The page of one workflow: its name, and its tabs. */
export function Workflow(): ReactNode {
  const { id } = useParams({ from: '/frame/board/workflows/$id' });
  const view = useView();
  if (!view.extent) return <NoData view={view} />;
  // Another workflow starts anew: the figures of one never stand under the name of the other.
  return <Known key={`${view.project.id} ${id}`} page={view} id={id} />;
}

interface Identity {
  /** The id until the name is known. */
  name: string;
  naming: boolean;
  /** Whether it has never run. */
  unknown: boolean;
}

/** The name of a workflow, and whether it has ever run, whatever the range and the environment. */
function useIdentity(view: View, id: string): Identity {
  const always = useMemo(
    (): View => ({ ...view, ...everything(view), env: undefined, relative: false }),
    [view],
  );
  const { data, isPending } = useCardQuery(always, identityQuery, true, 'later');
  return {
    name: data ? nameOf(data, 'workflow', id) : id,
    naming: isPending,
    unknown: data !== undefined && !hasEvents(data.rows[0]),
  };
}

function Known({ page, id }: { page: View; id: string }): ReactNode {
  const view = useMemo(() => ({ ...page, workflows: [id] }), [page, id]);
  const { name, naming, unknown } = useIdentity(view, id);
  const context = useMemo(() => ({ id, name, view }), [id, name, view]);
  return (
    <WorkflowOf value={context}>
      <title>{frame.pageTitle(name)}</title>
      <div className="flex flex-col gap-3">
        <div>
          <Breadcrumb to="/workflows" label={words.list} />
          <h1
            className="flex min-h-7 items-center text-lg leading-7 font-semibold"
            data-testid="workflow-name"
          >
            {naming ? <Skeleton className="h-4 w-56 max-w-full" /> : <Name of={name} />}
          </h1>
        </div>
        {unknown ? (
          <Unknown id={id} project={page.project.name} />
        ) : (
          <>
            <Tabs id={id} />
            <Outlet />
          </>
        )}
      </div>
    </WorkflowOf>
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
        {words.unknown(
          <Name of={project} />,
          <strong className="font-mono">
            <Name of={id} />
          </strong>,
        )}
      </p>
      <Link to="/workflows" search={(previous) => frameOf(previous)} className={buttonClass()}>
        {words.showAll}
      </Link>
    </section>
  );
}
