import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { frameOf } from '@/lib/search';

/** A link to one workflow that keeps range and zone; with `row`, the whole table row leads there. */
export function WorkflowLink(props: { id: string; name: string; row?: boolean }): ReactNode {
  return (
    <Link
      to="/workflows/$id"
      params={{ id: props.id }}
      search={(previous) => ({ ...frameOf(previous), workflow: undefined })}
      title={props.name}
      className={`hover:underline ${props.row ? 'after:absolute after:inset-0' : ''}`}
    >
      {props.name}
    </Link>
  );
}
