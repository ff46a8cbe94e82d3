import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ExecutionDetail, ExecutionNorms } from '@/api/executions';
import { Card } from '@/components/Card';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { Skeleton } from '@/components/states';
import { frameOf } from '@/lib/search';
import { executions as words } from '@/words';
import { DateTime } from '../../Time';
import { hasFailed } from '../state';
import { findingText } from './findings';

const text = words.one;

/** The error of an execution, its group, and how often it has occurred since when. */
export function ErrorCard(props: {
  detail: ExecutionDetail;
  norms: ExecutionNorms | undefined;
  loading: boolean;
}): ReactNode {
  const { detail, norms } = props;
  if (!hasFailed(detail.status) && !detail.errorMessage && !detail.errorType) return null;
  const group = norms?.errorGroup;
  const step = detail.timeline.steps.find(({ stepId }) => stepId === detail.errorStep);
  return (
    <Card
      title={detail.errorType ?? text.error.title}
      note={detail.errorStep && text.error.inStep(step?.stepName ?? detail.errorStep)}
      testId="error"
      className="border-failed/50!"
    >
      <div className="flex flex-col gap-2 px-4 pb-3">
        <p className="max-h-60 overflow-auto rounded-md bg-bad-soft p-2.5 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">
          {detail.errorMessage ?? text.error.noMessage}
        </p>
        {props.loading && <Skeleton className="my-1 h-3 w-96 max-w-full" />}
        {group && (
          <p className="flex flex-wrap items-center gap-x-2">
            <span className="text-ink-3">{text.error.group}</span>
            <Link
              to="/errors/$group"
              params={{ group: group.id }}
              search={(previous) => frameOf(previous)}
              className="min-w-0 text-accent hover:underline"
            >
              <Name of={group.title} />
            </Link>
            <span className="text-ink-2">
              {text.error.often(group.executionsSince, group.count24h)}
            </span>
            <span className="text-ink-3">
              {text.error.since} <DateTime at={group.first} />
            </span>
          </p>
        )}
      </div>
    </Card>
  );
}

/** What is unusual about an execution against earlier ones of its workflow. */
export function Unusual({ norms }: { norms: ExecutionNorms }): ReactNode {
  const { findings, basis } = norms;
  const compared = basis?.executions ?? 0;
  const enough = basis != null && compared >= basis.minimum;
  return (
    <Card title={text.unusual.title} note={text.unusual.against(compared)} testId="unusual">
      {findings.length === 0 ? (
        <p className="min-h-14 px-4 pb-3 text-ink-3">
          {enough ? text.unusual.none : text.unusual.unknown}
        </p>
      ) : (
        <ul className="flex min-h-14 flex-col gap-1 px-4 pb-3">
          {findings.map((finding) => (
            <li
              key={`${finding.kind} ${finding.step?.id ?? ''} ${finding.occurrence ?? ''}`}
              data-finding={finding.kind}
              className="flex items-start gap-2"
            >
              <span className="mt-0.5 text-warn">
                <Icon name="warning" size={14} />
              </span>
              <span className="min-w-0 wrap-anywhere">{findingText(finding)}</span>
            </li>
          ))}
        </ul>
      )}
      {norms.findingsOmitted > 0 && (
        <p className="px-4 pb-3 text-xs text-ink-3">
          {text.unusual.omitted(norms.findingsOmitted)}
        </p>
      )}
    </Card>
  );
}
