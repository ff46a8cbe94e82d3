import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClass } from '@/components/Button';
import { errors } from '@/words';
import { SHOWN_STATES, useShownGroups, type ShownState } from './search';

const words = errors.triage;

const CHOICE = `${buttonClass('quiet', true)} shrink-0`;
const CHOSEN = 'bg-accent-soft! text-accent!';

/** Which groups are listed: by what was decided about them, and by who looks after them. */
export function States(): ReactNode {
  const shown = useShownGroups();
  const choice = (state: ShownState): ReactNode => (
    <Link
      key={state}
      to="/errors"
      search={(previous) => ({ ...previous, decided: state === 'open' ? undefined : state })}
      activeOptions={{ exact: true }}
      className={CHOICE}
      activeProps={{ className: CHOSEN }}
    >
      {words.states[state]}
    </Link>
  );
  return (
    <div
      role="group"
      aria-label={words.filter}
      className="scroll-edges flex flex-wrap gap-1 px-2.5 pb-1 max-md:flex-nowrap max-md:overflow-x-auto"
    >
      {SHOWN_STATES.map(choice)}
      <Link
        to="/errors"
        search={(previous) => ({ ...previous, assigned: shown.mine ? undefined : ('me' as const) })}
        aria-current={shown.mine}
        className={`${CHOICE} ${shown.mine ? CHOSEN : ''} md:ml-2`}
      >
        {words.mine}
      </Link>
    </div>
  );
}
