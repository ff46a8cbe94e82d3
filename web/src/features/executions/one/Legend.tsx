import type { ReactNode } from 'react';
import { executions as words } from '@/words';

/** How each part of a bar looks, in the order of `words.waterfall.legend`. */
const LOOKS = {
  working: 'h-3 bg-completed',
  waiting: 'h-3 border border-completed hatched-behind',
  gap: 'h-2 hatched-behind opacity-70',
  contains: 'h-3 border border-completed bg-completed opacity-45',
  attempt: 'h-3 border border-dashed border-failed bg-failed/15',
  critical: 'h-0.5 bg-accent',
} as const;

/** What the looks of the bars mean. */
export function Legend(): ReactNode {
  return (
    <ul className="flex flex-wrap gap-x-4 border-t px-4 py-1.5 text-2xs text-ink-3">
      {(Object.keys(LOOKS) as (keyof typeof LOOKS)[]).map((part) => (
        <li key={part} className="flex items-center gap-1.5">
          <i aria-hidden="true" className={`w-5 rounded-sm ${LOOKS[part]}`} />
          {words.waterfall.legend[part]}
        </li>
      ))}
    </ul>
  );
}
