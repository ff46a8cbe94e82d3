import type { ReactNode } from 'react';
import type { ExecutionRow } from '@/api/executions';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { duration, exact, exactFigure, money, NO_VALUE } from '@/lib/format';
import { isPseudonym } from '@/lib/pseudonym';
import { RelativeTime } from '../../Time';
import { ExecutionLink } from '../ExecutionLink';
import { State } from '../State';
import { workflowOf } from '../state';
import type { ColumnId } from './columns';

/** The columns whose values are figures, which are right-aligned. */
export const NUMERIC: readonly ColumnId[] = ['duration', 'steps', 'cost'];

const name = (text: string | null | undefined): ReactNode =>
  text ? <Name cut of={text} /> : NO_VALUE;

/** What an execution says in a column. */
export function cellOf(id: ColumnId, row: ExecutionRow): ReactNode {
  switch (id) {
    case 'status':
      return <State status={row.status} stale={row.stale} />;
    case 'workflow':
      return (
        <ExecutionLink id={row.id} row inList>
          <Name cut of={workflowOf(row)} />
        </ExecutionLink>
      );
    case 'when':
      return <RelativeTime timed at={row.timestamp} />;
    case 'started':
      return <RelativeTime timed at={row.startedAt} />;
    case 'duration':
      return row.duration == null ? NO_VALUE : <Length ms={row.duration} />;
    case 'version':
      return name(row.workflowVersion);
    case 'trigger':
      return name(row.triggerType);
    case 'user':
      return row.userId ? <User id={row.userId} /> : NO_VALUE;
    case 'environment':
      return name(row.environment);
    case 'steps':
      return row.stepCount == null ? NO_VALUE : exact(row.stepCount);
    case 'cost':
      return row.cost == null ? NO_VALUE : money(row.cost);
    case 'error':
      return row.errorType || row.errorMessage ? <Failure row={row} /> : '';
    case 'id':
      return (
        <span className="font-mono text-xs">
          <Name cut of={row.executionId} />
        </span>
      );
  }
}

/** A duration; the exact milliseconds on hover. */
function Length({ ms }: { ms: number }): ReactNode {
  return <span title={exactFigure(ms, 'milliseconds')}>{duration(ms)}</span>;
}

function User({ id }: { id: string }): ReactNode {
  return (
    <span className="inline-flex max-w-full items-center gap-1 font-mono text-xs">
      {isPseudonym(id) && <Icon name="eyeOff" size={12} />}
      <Name cut of={id} />
    </span>
  );
}

/** The message of an error, or its type if there is none. */
export function Failure({ row }: { row: ExecutionRow }): ReactNode {
  const text = row.errorMessage ?? row.errorType ?? '';
  return (
    <span
      className="block truncate text-bad"
      title={[row.errorType, row.errorMessage].filter(Boolean).join(': ')}
    >
      <bdi>{text}</bdi>
    </span>
  );
}
