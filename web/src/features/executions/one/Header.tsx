import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isOpen, type ExecutionDetail, type ExecutionNorms } from '@/api/executions';
import { buttonClass } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { compact, duration, exactFigure, money } from '@/lib/format';
import { executions as words } from '@/words';
import { Breadcrumb } from '../../Breadcrumb';
import { ExactTime } from '../../Time';
import { UserName } from '../../UserName';
import { WorkflowLink } from '../../WorkflowLink';
import { listOf } from '../search';
import { State } from '../State';
import { workflowOf } from '../state';
import { Band } from './Band';
import type { Beside } from './useBeside';

const text = words.one;

/** What an execution is and how it went. */
export function Header(props: {
  detail: ExecutionDetail;
  norms: ExecutionNorms | undefined;
  beside: Beside;
  /** Whether what is usual is still on its way. */
  loading: boolean;
}): ReactNode {
  const { detail, norms, beside, loading } = props;
  const name = workflowOf(detail);
  return (
    <header className="flex flex-col gap-2">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <Breadcrumb to="/executions" label={words.title} keep={listOf} />
          <h1
            data-testid="execution-name"
            className="flex flex-wrap items-center gap-x-3 text-lg leading-7 font-semibold"
          >
            <span className="line-clamp-3 min-w-0">
              {detail.workflowId ? (
                <WorkflowLink id={detail.workflowId} name={name} />
              ) : (
                <Name of={name} />
              )}
            </span>
            <span className="text-sm font-normal">
              <State status={detail.status} stale={detail.stale} />
            </span>
          </h1>
          <p className="font-mono text-xs break-all text-ink-3">
            <Name of={detail.executionId} />
          </p>
        </div>
        <Neighbours detail={detail} norms={norms} beside={beside} loading={loading} />
      </div>
      <div className="grid gap-px overflow-hidden rounded-lg border bg-line lg:grid-cols-[minmax(18rem,2fr)_3fr]">
        <div className="bg-surface px-4 py-3">
          <p className="text-xl leading-7 font-semibold tracking-tight" data-testid="duration">
            {took(detail)}
          </p>
          <Band duration={detail.duration ?? null} norms={norms} loading={loading} />
        </div>
        <dl className="grid grid-cols-2 gap-x-4 gap-y-2 bg-surface px-4 py-3 sm:grid-cols-3 xl:grid-cols-4">
          {factsOf(detail).map(([label, value]) => (
            <div key={label} className="min-w-0">
              <dt className="text-xs text-ink-3">{label}</dt>
              <dd className="min-w-0 wrap-anywhere">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </header>
  );
}

function took(detail: ExecutionDetail): ReactNode {
  if (detail.duration != null) {
    return (
      <span title={exactFigure(detail.duration, 'milliseconds')}>{duration(detail.duration)}</span>
    );
  }
  if (isOpen(detail)) return text.running(duration(detail.timeline.duration));
  return '–';
}

function factsOf(detail: ExecutionDetail): [string, ReactNode][] {
  const { costs, tree } = detail;
  const facts: ([string, ReactNode] | false)[] = [
    [
      text.facts.started,
      <ExactTime key="start" since at={detail.startedAt ?? detail.timeline.start} />,
    ],
    !isOpen(detail) && [text.facts.ended, <ExactTime key="end" at={detail.timestamp} />],
    detail.triggerType != null && [
      text.facts.trigger,
      <Name key="trigger" of={detail.triggerType} />,
    ],
    detail.workflowVersion != null && [
      text.facts.version,
      <Name key="version" of={detail.workflowVersion} />,
    ],
    detail.userId != null && [text.facts.user, <UserName key="user" id={detail.userId} />],
    detail.environment != null && [
      text.facts.environment,
      <Name key="environment" of={detail.environment} />,
    ],
    detail.subjectId != null && [text.facts.subject, <Name key="subject" of={detail.subjectId} />],
    (costs.totalCost > 0 || tree.totalCost > 0) && [
      text.facts.cost,
      tree.executions > 1
        ? text.costWithTree(money(costs.totalCost), money(tree.totalCost))
        : money(costs.totalCost),
    ],
    costs.inputTokens + costs.outputTokens > 0 && [
      text.facts.tokens,
      text.tokens(compact(costs.inputTokens), compact(costs.outputTokens)),
    ],
    detail.runs > 1 && [text.facts.run, <Runs key="run" detail={detail} />],
    detail.source != null && [text.facts.source, <Name key="source" of={detail.source} />],
  ];
  return facts.filter((fact) => fact !== false);
}

/** Which run of the execution this is, and the way to the others. */
function Runs({ detail }: { detail: ExecutionDetail }): ReactNode {
  const { run, runs } = detail;
  const to = (other: number, icon: 'left' | 'right'): ReactNode =>
    other >= 1 &&
    other <= runs && (
      <Link
        from="/executions/$execution"
        search={(previous) => ({ ...previous, run: other, row: undefined })}
        aria-label={text.run(other, runs)}
        className="touch-target inline-flex items-center justify-center p-1"
      >
        <Icon name={icon} size={12} />
      </Link>
    );
  return (
    <span className="inline-flex items-center">
      {to(run - 1, 'left')} {text.run(run, runs)} {to(run + 1, 'right')}
    </span>
  );
}

/** The executions beside this one, and its comparison with the previous one of its workflow. */
function Neighbours(props: {
  detail: ExecutionDetail;
  norms: ExecutionNorms | undefined;
  beside: Beside;
  loading: boolean;
}): ReactNode {
  const { detail, norms, beside } = props;
  const compare = (
    <>
      <Icon name="compare" size={14} /> {text.compareWith}
    </>
  );
  const step = (id: string | null | undefined, label: string, icon: 'left' | 'right'): ReactNode =>
    id ? (
      <Link
        to="/executions/$execution"
        params={{ execution: id }}
        search={(previous) => listOf(previous)}
        aria-label={label}
        title={label}
        className={buttonClass()}
      >
        <Icon name={icon} size={14} />
      </Link>
    ) : (
      <span aria-hidden="true" className={`${buttonClass()} opacity-45`}>
        <Icon name={icon} size={14} />
      </span>
    );
  return (
    <nav aria-label={text.neighbours} className="flex gap-1.5">
      {step(beside.older, beside.labels.older, 'left')}
      {step(beside.newer, beside.labels.newer, 'right')}
      {props.loading && (
        // It keeps the place of the link, which depends on the neighbours.
        <span aria-hidden="true" className={`${buttonClass()} opacity-45`}>
          {compare}
        </span>
      )}
      {norms?.previous && (
        <Link
          to="/executions/compare"
          search={(previous) => ({
            ...listOf(previous),
            a: norms.previous ?? undefined,
            b: detail.id,
          })}
          title={text.compareLabel}
          className={buttonClass()}
        >
          {compare}
        </Link>
      )}
    </nav>
  );
}
