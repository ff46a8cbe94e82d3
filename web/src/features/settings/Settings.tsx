import { Link, Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { useSyncExternalStore, type ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import { roleName } from '@/lib/permissions';
import { frameOf } from '@/lib/search';
import { useAskAgain } from '../recovery';
import { useSession } from '../session';
import { canOpen, SECTIONS, sectionsFor } from './sections';
import { Name } from '@/components/Name';
import { frame, sections } from '@/words';

const words = sections.list;

const WIDE = '(min-width: 768px)';

function useWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(WIDE);
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => matchMedia(WIDE).matches,
  );
}

/** The settings: the list of pages is next to each page, or a page of its own on a phone. */
export function Settings(): ReactNode {
  const session = useSession();
  useAskAgain('closed');
  const path = useLocation({ select: (location) => location.pathname.replace(/\/$/, '') });
  const section = SECTIONS.find((entry) => entry.to === path);
  const refused = section && !canOpen(session, section);
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-1 gap-8 p-3 max-md:pb-20 md:p-6">
      <nav
        aria-label={words.settings}
        className="sticky top-6 w-48 shrink-0 self-start max-md:hidden"
      >
        <h2 className="mb-2 px-2 text-xs font-medium text-ink-3">{words.settings}</h2>
        <ul className="flex flex-col gap-0.5">
          {sectionsFor(session).map((entry) => (
            <li key={entry.to}>
              <Link
                to={entry.to}
                search={(previous) => frameOf(previous)}
                activeOptions={{ includeSearch: false }}
                className="flex h-8 items-center gap-2.5 rounded-md px-2 text-ink-2 hover:bg-sunken hover:text-ink"
                activeProps={{
                  className:
                    'bg-accent-soft font-medium text-accent hover:bg-accent-soft hover:text-accent',
                }}
              >
                <Icon name={entry.icon} size={14} /> {entry.label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main id="content" tabIndex={-1} className="flex min-w-0 flex-1 flex-col gap-4 outline-none">
        {section && (
          <header>
            <title>{frame.pageTitle(section.label)}</title>
            <Link
              to="/settings"
              search={(previous) => frameOf(previous)}
              className="touch-target inline-flex items-center gap-1 text-xs text-accent md:hidden"
            >
              <Icon name="left" size={12} /> {words.settings}
            </Link>
            <h1 className="text-lg leading-7 font-semibold">{section.label}</h1>
            <p className="text-ink-2">{section.does}</p>
          </header>
        )}
        {refused ? (
          <Notice tone="plain" testId="refused">
            {section.refusal ??
              words.doesNotAllowOwner(
                session.role ? words.role(roleName(session.role)) : words.role2,
                <Name of={session.tenant.name} />,
              )}
          </Notice>
        ) : (
          <Outlet />
        )}
      </main>
    </div>
  );
}

/** The list of settings pages as a page of its own, for phones; on wide screens it is next to each page. */
export function SettingsList(): ReactNode {
  const session = useSession();
  const wide = useWide();
  if (wide) return <Navigate to="/settings/profile" search={(previous) => previous} replace />;
  return (
    <>
      <title>{frame.pageTitle(words.settings)}</title>
      <h1 className="text-lg leading-7 font-semibold">{words.settings}</h1>
      <ul className="overflow-hidden rounded-lg border bg-surface">
        {sectionsFor(session).map((entry) => (
          <li key={entry.to} className="border-t first:border-t-0">
            <Link
              to={entry.to}
              search={(previous) => frameOf(previous)}
              className="flex items-center gap-3 px-4 py-3"
            >
              <Icon name={entry.icon} />
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{entry.label}</span>
                <span className="block text-xs text-ink-3">{entry.does}</span>
              </span>
              <Icon name="right" size={14} />
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
