import type { ReactNode } from 'react';
import { Hint } from '@/components/Hint';
import { Icon } from '@/components/Icon';
import { isPseudonym } from '@/lib/pseudonym';
import { Name } from '@/components/Name';
import { components } from '@/words';

/** A user's id; a pseudonym is marked as one. */
export function UserName({ id }: { id: string }): ReactNode {
  if (!isPseudonym(id))
    return (
      <span className="font-mono text-xs">
        <Name of={id} />
      </span>
    );
  return (
    <Hint text={components.pseudonym}>
      <button
        type="button"
        className="inline-flex cursor-default items-center gap-1 rounded font-mono text-xs text-ink-2"
      >
        <Icon name="eyeOff" size={12} /> {id}
      </button>
    </Hint>
  );
}
