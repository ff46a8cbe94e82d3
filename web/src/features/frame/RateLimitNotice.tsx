import { useSyncExternalStore, type ReactNode } from 'react';
import { pace } from '@/api/pace';
import { Icon } from '@/components/Icon';
import { useSecondsUntil, waitLabel } from '@/lib/wait';
import { frame as words } from '@/words';

/** Says that the server asked this page to wait, and for how long. The page resumes automatically. */
export function RateLimitNotice(): ReactNode {
  const until = useSyncExternalStore(pace.subscribe, () => pace.heldUntil);
  const seconds = useSecondsUntil(until);
  // A wait of one second is over before anyone has read about it.
  if (seconds < 2) return null;
  return (
    <p
      role="status"
      data-testid="rate-limited"
      className="fixed inset-x-3 bottom-4 z-40 mx-auto flex w-fit items-center gap-2 rounded-md border border-line-strong bg-warn-soft px-3 py-2 text-xs text-warn max-md:bottom-18"
    >
      <Icon name="clock" size={14} />
      <span>{words.rateLimited(waitLabel(seconds))}</span>
    </p>
  );
}
