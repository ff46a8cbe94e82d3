import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Name } from '@/components/Name';
import { frameOf } from '@/lib/search';

/** A link to a workflow that keeps range and time zone; with `row`, the whole table row is the link. */
export function WorkflowLink(props: { id: string; name: string; row?: boolean }): ReactNode {
  return (
    <Link
      to="/workflows/$id"
      params={{ id: props.id }}
      search={(previous) => ({ ...frameOf(previous), workflow: undefined })}
      title={props.name}
      className={`hover:underline ${props.row ? 'after:absolute after:inset-0' : ''}`}
    >
      <Name of={props.name} />
    </Link>
  );
}
