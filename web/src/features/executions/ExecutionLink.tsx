import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { frameOf } from '@/lib/search';

/** A link to an execution that keeps range and time zone; with `row`, the whole row is the link. */
export function ExecutionLink(props: {
  id: string;
  title?: string;
  row?: boolean;
  className?: string;
  children: ReactNode;
}): ReactNode {
  return (
    <Link
      to="/executions/$execution"
      params={{ execution: props.id }}
      search={(previous) => frameOf(previous)}
      title={props.title}
      className={`hover:underline ${props.row ? 'after:absolute after:inset-0' : ''} ${props.className ?? ''}`}
    >
      {props.children}
    </Link>
  );
}
