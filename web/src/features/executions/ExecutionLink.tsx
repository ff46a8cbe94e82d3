import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { listOf } from './search';
import { frameOf } from '@/lib/search';

/**
 * A link to an execution that keeps range and time zone; with `row`, the whole row is the link. `inList` is for links
 * that stay with a list of executions: they keep its filters, too.
 */
export function ExecutionLink(props: {
  id: string;
  title?: string;
  row?: boolean;
  inList?: boolean;
  className?: string;
  children: ReactNode;
}): ReactNode {
  return (
    <Link
      to="/executions/$execution"
      params={{ execution: props.id }}
      search={(previous) => (props.inList ? listOf(previous) : frameOf(previous))}
      title={props.title}
      className={`hover:underline ${props.row ? 'after:absolute after:inset-0' : ''} ${props.className ?? ''}`}
    >
      {props.children}
    </Link>
  );
}
