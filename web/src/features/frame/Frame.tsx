import { Outlet, useParams } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { rangeFromParams } from '@/lib/range';
import { LiveContext, useLiveStream } from '../live';
import { usePageSearch, useSetRange, useView } from '../view';
import { Help } from './Help';
import { useHotkeys } from './hotkeys';
import { Palette } from './Palette';
import { BottomBar, Rail } from './Rail';
import { TopBar } from './TopBar';

/** What surrounds every view: navigation, the top bar, keyboard, dialogs. */
export function Frame(): ReactNode {
  useHotkeys();
  useRangeInUrl();
  const { id } = useParams({ strict: false });
  const live = useLiveStream(useView(), id);
  return (
    <LiveContext value={live}>
      <div className="flex min-h-dvh">
        <a
          href="#content"
          className="fixed top-2 left-2 z-50 -translate-y-16 rounded bg-accent px-3 py-2 text-accent-ink focus:translate-y-0"
        >
          Skip to content
        </a>
        <Rail />
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar />
          <main
            id="content"
            tabIndex={-1}
            className="mx-auto w-full max-w-[1680px] min-w-0 flex-1 p-3 outline-none max-md:pb-20 md:p-4 xl:px-6"
          >
            <Outlet />
          </main>
        </div>
        <BottomBar />
        <Help />
        <Palette />
      </div>
    </LiveContext>
  );
}

/** A first visit has no range: choose one that shows the data, and write it where a link carries it. */
function useRangeInUrl(): void {
  const search = usePageSearch();
  const view = useView();
  const setRange = useSetRange();
  const missing = rangeFromParams(search) === null;
  useEffect(() => {
    if (missing) setRange(view.range, { replace: true });
  }, [missing, view.range, setRange]);
}
