import { useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { ErrorGroupDetail } from '@/api/errors';
import { Button } from '@/components/Button';
import { Delta, type Comparability } from '@/components/Delta';
import { Hint } from '@/components/Hint';
import { QueryContent } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { compact, exact } from '@/lib/format';
import { Breadcrumb } from '../Breadcrumb';
import { comparability, useCoverage } from '../coverage';
import { useCounted, useExecutionsLink } from '../executionsLink';
import { usePermission } from '../session';
import { useView, type View } from '../view';
import { RelativeTime } from '../Time';
import { AffectedWorkflows, FailedSteps } from './Affected';
import { ClassTag } from './ClassTag';
import { ErrorsOverTime } from './ErrorsOverTime';
import { errorView, useErrorGroup } from './frame';
import { Members } from './Members';
import { Rename } from './Rename';
import { Samples } from './Samples';
import { SplitOff } from './SplitOff';
import { Triage } from './Triage';
import { Name } from '@/components/Name';
import { errors, frame } from '@/words';

const words = errors.errorGroup;

/** The height of the chart: it fills the row that it shares with a table, of which each row has this height. */
const ROW = 33;
const LEAST_HEIGHT = 220;

/** One error group: when and where its errors occur, their newest messages, and its members. */
export function ErrorGroup(): ReactNode {
  const { group: id } = useParams({ from: '/frame/board/errors/$group' });
  const view = useView();
  const query = useErrorGroup(view, id);
  return (
    <div className="flex flex-col gap-3">
      <Breadcrumb to="/errors" label={words.errors} />
      <QueryContent what={words.group} query={query} skeleton={<TableSkeleton rows={12} />}>
        {(data) => <Group key={id} id={id} view={view} data={data} />}
      </QueryContent>
    </div>
  );
}

function Group(props: { id: string; view: View; data: ErrorGroupDetail & Asked }): ReactNode {
  const { id, view, data } = props;
  const { group, members } = data;
  const allowed = usePermission(view.project, 'manage_settings');
  const decides = usePermission(view.project, 'triage_errors');
  const [open, setOpen] = useState<'rename' | 'split' | null>(null);
  const coverage = useCoverage(errorView(view));
  const close = (): void => setOpen(null);
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(group.title)}</title>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <h1
            className="text-lg leading-7 font-semibold wrap-anywhere"
            data-testid="error-group-title"
          >
            <Name of={group.title} />
          </h1>
          <p className="flex flex-wrap items-center gap-2 text-xs text-ink-3">
            <ClassTag of={group.errorClass} />
            {group.errorType && <span className="font-mono wrap-anywhere">{group.errorType}</span>}
            {group.named && <span>{words.customName}</span>}
          </p>
        </div>
        {allowed && (
          <div className="flex gap-1.5">
            <Button onClick={() => setOpen('rename')}>{words.rename}</Button>
            <Button onClick={() => setOpen('split')}>{words.split}</Button>
          </div>
        )}
      </div>
      <Triage projectId={view.project.id} id={id} triage={group.triage} allowed={decides} />
      <Figures id={id} data={data} comparable={comparability(coverage, data.range)} />
      <div className="grid grid-cols-12 gap-3">
        <ErrorsOverTime
          label={errors.overTime.label}
          view={view}
          group={id}
          coverage={coverage}
          height={Math.max(LEAST_HEIGHT, ROW * group.affectedWorkflows.length)}
        />
        <AffectedWorkflows id={id} data={data} />
        <FailedSteps id={id} data={data} />
        <div className="col-span-full flex flex-col gap-3 xl:col-span-7">
          <Samples samples={group.samples} zone={data.frame.zone} />
          <Members members={members} />
        </div>
      </div>
      <Rename
        projectId={view.project.id}
        id={id}
        title={group.title}
        named={group.named}
        open={open === 'rename'}
        onClose={close}
      />
      <SplitOff
        projectId={view.project.id}
        id={id}
        members={members}
        open={open === 'split'}
        onClose={close}
      />
    </div>
  );
}

function Figures(props: {
  id: string;
  data: ErrorGroupDetail & Asked;
  comparable: Comparability | undefined;
}): ReactNode {
  const { comparable } = props;
  const { group } = props.data;
  const link = useExecutionsLink(useCounted(props.data));
  const figures: [string, ReactNode, ReactNode][] = [
    [
      words.executions,
      <Hint text={exact(group.count)}>
        <a {...link({ error: props.id })} className="rounded hover:underline">
          {compact(group.count)}
        </a>
      </Hint>,
      group.previousCount === 0 && comparable?.possible ? (
        <span className="text-ink-3">{words.nonePreviousPeriod}</span>
      ) : (
        <Delta
          now={group.count}
          before={group.previousCount}
          metric={{ unit: 'count', goodDirection: 'down' }}
          comparable={comparable}
        />
      ),
    ],
    [words.workflows, compact(group.workflowCount), null],
    [words.firstSeen, <RelativeTime alone at={group.firstSeen} />, null],
    [words.lastSeen, <RelativeTime alone at={group.lastSeen} />, null],
  ];
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-4">
      {figures.map(([label, value, note]) => (
        <div key={label} className="flex min-w-0 flex-col gap-0.5 bg-surface px-3 pt-2.5 pb-2">
          <dt className="truncate text-xs text-ink-2">{label}</dt>
          <dd className="text-xl leading-7 font-semibold tracking-tight">{value}</dd>
          <dd className="h-4 truncate text-2xs leading-4">{note}</dd>
        </div>
      ))}
    </dl>
  );
}
