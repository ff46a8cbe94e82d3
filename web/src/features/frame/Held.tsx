import { useSyncExternalStore, type ReactNode } from 'react';
import { pace } from '@/api/pace';
import { Icon } from '@/components/Icon';
import { useSecondsUntil, waitWords } from '@/lib/wait';

/** Says that the server asked this page to wait, and for how long. Figures go on by themselves. */
export function Held(): ReactNode {
  const until = useSyncExternalStore(pace.subscribe, () => pace.heldUntil);
  const seconds = useSecondsUntil(until);
  // A second's wait is over before it is read.
  if (seconds < 2) return null;
  return (
    <p
      role="status"
      data-testid="held"
      className="fixed inset-x-3 bottom-4 z-40 mx-auto flex w-fit items-center gap-2 rounded-md border border-line-strong bg-warn-soft px-3 py-2 text-xs text-warn max-md:bottom-18"
    >
      <Icon name="clock" size={14} />
      <span>
        Many requests in a short time: the server asks to wait. Figures go on by themselves in{' '}
        {waitWords(seconds)}.
      </span>
    </p>
  );
}
