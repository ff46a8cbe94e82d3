import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { frame as words } from '@/words';
import { Timeline } from '../annotations/Timeline';
import { useSession } from '../session';
import { AnnouncementBanner } from '../announcement/AnnouncementBanner';
import { UnsavedNotice } from '../preferences/UnsavedNotice';
import { RateLimitNotice } from './RateLimitNotice';
import { Help } from './Help';
import { useHotkeys } from './hotkeys';
import { Palette } from './Palette';
import { BottomBar, Rail } from './Rail';
import { ManageViews } from '../views/ManageViews';
import { SaveView } from '../views/SaveView';
import { usePageProject } from '../views/useSavedViews';

/** The frame of every view: navigation, dialogs, and the notice that the server asks to wait. */
export function Frame(): ReactNode {
  const usable = useSession().projects.length > 0;
  return (
    <div className="flex min-h-dvh">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded bg-accent px-3 py-2 text-accent-ink focus:translate-y-0"
      >
        {words.skip}
      </a>
      <Rail />
      <div className="flex min-w-0 flex-1 flex-col">
        <RateLimitNotice />
        <UnsavedNotice />
        <AnnouncementBanner />
        {usable ? (
          <Timeline>
            <Outlet />
          </Timeline>
        ) : (
          <Outlet />
        )}
      </div>
      <BottomBar />
      {usable && <Keyboard />}
    </div>
  );
}

/** The keyboard shortcuts and what they open. They act on a project, so there must be one. */
function Keyboard(): ReactNode {
  useHotkeys();
  const project = usePageProject();
  return (
    <>
      <Help />
      <Palette />
      {project && <SaveView project={project} />}
      {project && <ManageViews project={project} />}
    </>
  );
}
