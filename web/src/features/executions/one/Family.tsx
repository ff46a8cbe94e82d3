import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import {
  familyQuery,
  isOpen,
  type ExecutionDetail,
  type ExecutionFamily,
  type FamilyNode,
} from '@/api/executions';
import { Card } from '@/components/Card';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import { Tag } from '@/components/Tag';
import { duration, money } from '@/lib/format';
import { executions as words } from '@/words';
import { RelativeTime } from '../../Time';
import { ExecutionLink } from '../ExecutionLink';
import { State } from '../State';
import { stateLook, workflowOf } from '../state';

const text = words.one.family;

/** Whether an execution is related to others at all. */
export const hasFamily = (detail: ExecutionDetail): boolean =>
  detail.children.length + detail.retries.length > 0 ||
  detail.parentExecutionId != null ||
  detail.retryOf != null;

/** Who called an execution, whom it called, and what was retried, with the outcome of the whole. */
export function Family(props: { projectId: string; detail: ExecutionDetail }): ReactNode {
  const { detail } = props;
  const query = useQuery(familyQuery(props.projectId, detail.id, isOpen(detail)));
  return (
    <Card title={text.title} testId="family" note={query.data && outcome(query.data)}>
      <QueryContent what={text.title} query={query} skeleton={<TableSkeleton rows={3} />}>
        {({ nodes, omitted, outcome: { decidedBy } }) => (
          <>
            <ul className="max-h-96 overflow-auto pb-2">
              {nodes.map((node) => (
                <Member
                  key={node.execution.id}
                  node={node}
                  current={node.execution.id === detail.id}
                  decided={nodes.length > 1 && node.execution.id === decidedBy}
                />
              ))}
            </ul>
            {omitted > 0 && <p className="px-4 pb-3 text-xs text-ink-3">{text.omitted(omitted)}</p>}
          </>
        )}
      </QueryContent>
    </Card>
  );
}

function outcome({ outcome: of }: ExecutionFamily): string {
  const ms = of.durationMs == null ? null : duration(of.durationMs);
  return [
    text.outcome(of.executions, stateLook(of.status).label.toLowerCase(), ms),
    of.failed > 0 && text.failed(of.failed),
    of.retried > 0 && text.retried(of.retried),
    of.cost > 0 && money(of.cost),
  ]
    .filter(Boolean)
    .join(' · ');
}

function Member(props: { node: FamilyNode; current: boolean; decided: boolean }): ReactNode {
  const { node, current } = props;
  const { execution } = node;
  return (
    <li
      aria-current={current ? 'page' : undefined}
      style={{ paddingLeft: 16 + Math.min(node.depth, 12) * 18 }}
      className={`relative flex min-h-8 items-center gap-x-3 pr-4 hover:bg-sunken/60 pointer-coarse:min-h-10 ${current ? 'bg-accent-soft' : ''}`}
    >
      <State status={execution.status} stale={execution.stale} iconOnly />
      {current ? (
        <strong className="min-w-0 truncate font-medium">
          <Name cut of={workflowOf(execution)} />
        </strong>
      ) : (
        <ExecutionLink id={execution.id} row inList className="min-w-0 truncate">
          <Name cut of={workflowOf(execution)} />
        </ExecutionLink>
      )}
      {node.retryOf != null && <Mark>{text.retry}</Mark>}
      {current && (
        // On a phone its row looks different, and its name needs the room.
        <span className="max-sm:hidden">
          <Mark tone="accent">{text.current}</Mark>
        </span>
      )}
      {props.decided && <Mark>{text.decided}</Mark>}
      <span className="ml-auto pl-1 whitespace-nowrap text-ink-2">
        {execution.duration != null && duration(execution.duration)}
      </span>
      <span className="w-24 shrink-0 text-right text-xs text-ink-3 max-sm:hidden">
        <RelativeTime at={execution.startedAt ?? execution.timestamp} />
      </span>
    </li>
  );
}

/** A tag that keeps its width, whatever the name before it. */
const Mark = (props: { tone?: 'accent'; children: string }): ReactNode => (
  <span className="shrink-0">
    <Tag tone={props.tone}>{props.children}</Tag>
  </span>
);
