import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Name } from '@/components/Name';
import { frameOf, type PageSearch } from '@/lib/search';

/** A link to a connector that keeps range and filters; with `row`, the whole table row is the link. */
export function ConnectorLink(props: { type: string; row?: boolean }): ReactNode {
  return (
    <Link
      to="/connectors/$stepType"
      params={{ stepType: props.type }}
      search={(previous: PageSearch) => frameOf(previous)}
      title={props.type}
      className={`hover:underline ${props.row ? 'after:absolute after:inset-0' : ''}`}
    >
      <Name of={props.type} />
    </Link>
  );
}
