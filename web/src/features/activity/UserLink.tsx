import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { isPseudonym } from '@/lib/pseudonym';
import { frameOf } from '@/lib/search';

/** A link to the page of a user; the whole table row is the link. A pseudonym has its mark. */
export function UserLink({ id }: { id: string }): ReactNode {
  return (
    <Link
      to="/activity/users/$user"
      params={{ user: id }}
      search={(previous) => frameOf(previous)}
      className="inline-flex items-center gap-1 font-mono text-xs after:absolute after:inset-0 hover:underline"
    >
      {isPseudonym(id) && <Icon name="eyeOff" size={12} />}
      <Name of={id} />
    </Link>
  );
}
