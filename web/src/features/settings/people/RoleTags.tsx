import type { ReactNode } from 'react';
import type { Roles } from '@/api/identity';
import { roleName } from '@/lib/permissions';
import { useSession } from '../../session';
import { Tag } from '@/components/Tag';
import { people } from '@/words';

const words = people.roleTags;

/** The role in the organisation and the roles in projects. */
export function RoleTags(props: Roles): ReactNode {
  const session = useSession();
  const nameOf = (id: string): string =>
    session.projects.find((project) => project.id === id)?.name ?? words.otherProject;
  return (
    <span className="flex flex-wrap gap-1">
      {props.role && <Tag tone="accent">{roleName(props.role)}</Tag>}
      {props.projects.map((entry) => (
        <Tag key={entry.projectId}>
          {words.inWord(roleName(entry.role), <bdi>{nameOf(entry.projectId)}</bdi>)}
        </Tag>
      ))}
      {!props.role && props.projects.length === 0 && <Tag tone="warn">{words.noRole}</Tag>}
    </span>
  );
}
