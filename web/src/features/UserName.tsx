import type { ReactNode } from 'react';
import { Hint } from '@/components/Hint';
import { Icon } from '@/components/Icon';
import { isPseudonym } from '@/lib/pseudonym';

/** A user by their id; a pseudonym says that it is one. */
export function UserName({ id }: { id: string }): ReactNode {
  if (!isPseudonym(id)) return <span className="font-mono text-xs">{id}</span>;
  return (
    <Hint text="A pseudonym: it is always the same for this user, and your role does not see who that is.">
      <button
        type="button"
        className="inline-flex cursor-default items-center gap-1 rounded font-mono text-xs text-ink-2"
      >
        <Icon name="eyeOff" size={12} /> {id}
      </button>
    </Hint>
  );
}
