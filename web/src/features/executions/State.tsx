import type { ReactNode } from 'react';
import { StatusIcon } from '@/components/StatusIcon';
import { executions as words } from '@/words';
import { stateLook } from './state';

/** The state of an execution or a step: its icon and its word. */
export function State(props: { status: string; stale?: boolean; iconOnly?: boolean }): ReactNode {
  const look = stateLook(props.status);
  const label = props.stale ? `${look.label}, ${words.states.stale ?? ''}` : look.label;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap" title={label}>
      <StatusIcon glyph={look.glyph} token={look.token} />
      <span className={props.iconOnly ? 'sr-only' : ''}>{label}</span>
    </span>
  );
}
