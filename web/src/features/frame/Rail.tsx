import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { Icon, Logo } from '@/components/Icon';
import { openPanel } from '@/lib/panel';
import { frameOf } from '@/lib/search';
import { frame } from '@/words';
import { Account } from './Account';
import { useSession } from '../session';
import { RailViews } from '../views/RailViews';
import { Organisation } from './Organisation';
import { MAIN, MORE } from './places';

const words = frame.rail;

const KEY = 'weir.rail';
const ITEM =
  'flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2 text-ink-2 hover:bg-sunken hover:text-ink touch-target';
const CURRENT = 'bg-accent-soft font-medium text-accent hover:bg-accent-soft hover:text-accent';

function stored(): boolean {
  try {
    return localStorage.getItem(KEY) === 'narrow';
  } catch {
    return false;
  }
}

function store(narrow: boolean): void {
  try {
    localStorage.setItem(KEY, narrow ? 'narrow' : 'wide');
  } catch {
    // Without storage the rail opens wide next time.
  }
}

/** The navigation on the left. Collapses to its icons. Search and shortcuts act on a project, so there must be one. */
export function Rail(): ReactNode {
  const [narrow, setNarrow] = useState(stored);
  const usable = useSession().projects.length > 0;
  const word = narrow ? 'sr-only' : '';
  const toggle = (): void => {
    setNarrow(!narrow);
    store(!narrow);
  };
  return (
    <nav
      aria-label={words.label}
      className={`sticky top-0 flex h-dvh shrink-0 flex-col gap-1 overflow-y-auto border-r bg-surface p-2 max-md:hidden ${narrow ? 'w-13' : 'w-44'}`}
    >
      <div className="flex h-9 items-center gap-2.5 px-1 text-base font-semibold">
        <Logo /> <span className={word}>{frame.product}</span>
      </div>
      <div className="mb-2 flex">
        <Organisation narrow={narrow} />
      </div>
      {[...MAIN, ...MORE].map((place) => (
        <Link
          key={place.to}
          to={place.to}
          search={(previous) => frameOf(previous)}
          activeOptions={{ exact: place.to === '/', includeSearch: false }}
          title={place.label}
          className={ITEM}
          activeProps={{ className: CURRENT }}
        >
          <Icon name={place.icon} /> <span className={word}>{place.label}</span>
        </Link>
      ))}
      {usable && <RailViews narrow={narrow} item={ITEM} current={CURRENT} />}
      <div className="mt-auto flex shrink-0 flex-col gap-1">
        <Link
          to="/settings"
          search={(previous) => frameOf(previous)}
          title={words.settings}
          className={ITEM}
          activeProps={{ className: CURRENT }}
          activeOptions={{ includeSearch: false }}
        >
          <Icon name="settings" /> <span className={word}>{words.settings}</span>
        </Link>
        {usable && (
          <>
            <button
              type="button"
              title={words.searchHint}
              className={ITEM}
              onClick={() => openPanel('palette')}
            >
              <Icon name="search" /> <span className={word}>{words.search}</span>
              {!narrow && <kbd className="ml-auto text-2xs text-ink-3">{words.searchKeys}</kbd>}
            </button>
            <button
              type="button"
              title={words.shortcutsHint}
              className={ITEM}
              onClick={() => openPanel('help')}
            >
              <Icon name="help" /> <span className={word}>{words.shortcuts}</span>
              {!narrow && <kbd className="ml-auto text-2xs text-ink-3">?</kbd>}
            </button>
          </>
        )}
        <Account narrow={narrow} />
        <button
          type="button"
          title={narrow ? words.expandHint : words.collapseHint}
          aria-expanded={!narrow}
          className={ITEM}
          onClick={toggle}
        >
          <Icon name="collapse" /> <span className={word}>{words.collapse}</span>
        </button>
      </div>
    </nav>
  );
}

/** The same navigation as a bar at the bottom of a phone. */
export function BottomBar(): ReactNode {
  const usable = useSession().projects.length > 0;
  const item = 'flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-2xs text-ink-2';
  return (
    <nav
      aria-label={words.label}
      className="fixed inset-x-0 bottom-0 z-30 flex border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {MAIN.map((place) => (
        <Link
          key={place.to}
          to={place.to}
          search={(previous) => frameOf(previous)}
          activeOptions={{ exact: place.to === '/', includeSearch: false }}
          className={item}
          activeProps={{ className: 'text-accent font-medium' }}
        >
          <Icon name={place.icon} size={20} /> {place.label}
        </Link>
      ))}
      {usable && (
        <button type="button" className={item} onClick={() => openPanel('palette')}>
          <Icon name="search" size={20} /> {words.search}
        </button>
      )}
      <Account phone narrow={false} places={MORE} />
    </nav>
  );
}
