import { Link, Outlet, useParams } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { buttonClass } from '@/components/Button';
import { permits } from '@/lib/permissions';
import { rangeFromParams } from '@/lib/range';
import { frame } from '@/words';
import { MarkNote } from '../board/MarkNote';
import { LiveContext, useLiveStream } from '../live';
import { useAskAgain } from '../recovery';
import { useSession } from '../session';
import { usePageSearch, useSetRange, useView } from '../view';
import { TopBar } from './TopBar';
import { Name } from '@/components/Name';

const words = frame.noProject;

/** The frame of the views that show figures: the bar with their parameters, and the live stream. */
export function Board(): ReactNode {
  const session = useSession();
  return session.projects.length > 0 ? <Figures /> : <NoProject />;
}

function Figures(): ReactNode {
  useRangeInUrl();
  const { id } = useParams({ strict: false });
  const live = useLiveStream(useView(), id);
  useAskAgain(live.state);
  return (
    <LiveContext value={live}>
      <TopBar />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-[1680px] min-w-0 flex-1 p-3 outline-none max-md:pb-20 md:p-4 xl:px-6"
      >
        <MarkNote />
        <Outlet />
      </main>
    </LiveContext>
  );
}

function NoProject(): ReactNode {
  const session = useSession();
  return (
    <main
      id="content"
      className="mx-auto mt-16 flex max-w-xl flex-col items-start gap-3 rounded-lg border bg-surface p-6"
    >
      <h1 className="text-base font-semibold">{words.title(<Name of={session.tenant.name} />)}</h1>
      {permits(session, 'manage_projects') ? (
        <>
          <p className="text-ink-2">{words.create}</p>
          <Link to="/settings/projects" className={buttonClass('primary')}>
            {words.toProjects}
          </Link>
        </>
      ) : (
        <p className="text-ink-2">{words.ask}</p>
      )}
    </main>
  );
}

/** A first visit has no range: chooses one that shows the data, and writes it to the URL so that links carry it. */
function useRangeInUrl(): void {
  const search = usePageSearch();
  const view = useView();
  const setRange = useSetRange();
  const missing = rangeFromParams(search) === null;
  useEffect(() => {
    if (missing) setRange(view.range, { replace: true });
  }, [missing, view.range, setRange]);
}
