import { useState, type ReactNode } from 'react';
import type { SavedView } from '@/api/savedViews';
import { Icon } from '@/components/Icon';
import { openPanel } from '@/lib/panel';
import { samePage } from '@/lib/savedPage';
import { remembered, remember } from '@/lib/stored';
import { views as words } from '@/words';
import { MOST_IN_RAIL } from './order';
import { SavedViewLink } from './SavedViewLink';
import { usePageProject, useSavedViews, useShownPage } from './useSavedViews';

const KEY = 'weir.rail.views';
const FOLDED = 'folded';

interface Look {
  /** The classes of an item, and of the one that is on screen. */
  item: string;
  current: string;
}

/** The saved views in the rail: a section that can be folded; where the rail is narrow, a button for all of them. */
export function RailViews({ narrow, ...look }: Look & { narrow: boolean }): ReactNode {
  const [folded, setFolded] = useState(() => remembered(KEY) === FOLDED);
  const toggle = (): void => {
    setFolded(!folded);
    remember(KEY, folded ? null : FOLDED);
  };
  if (narrow) {
    return (
      <button
        type="button"
        title={words.title}
        className={look.item}
        onClick={() => openPanel('views')}
      >
        <Icon name="bookmark" /> <span className="sr-only">{words.title}</span>
      </button>
    );
  }
  return (
    <section
      aria-label={words.title}
      data-testid="rail-views"
      className="-mx-2 mt-2 flex min-h-11 flex-col gap-1 overflow-y-auto border-t px-2 pt-2"
    >
      <div className="flex items-center gap-1">
        <button
          type="button"
          aria-expanded={!folded}
          className={`${look.item} min-w-0 flex-1 text-xs font-medium`}
          onClick={toggle}
        >
          <Icon name={folded ? 'right' : 'chevron'} size={12} />
          <span className="truncate">{words.title}</span>
        </button>
        <button
          type="button"
          aria-label={words.save}
          title={words.saveHint}
          className={look.item}
          onClick={() => openPanel('save-view')}
        >
          <Icon name="plus" size={14} />
        </button>
      </div>
      {!folded && <ViewLinks {...look} />}
    </section>
  );
}

/** The first views, and a button for all of them. */
export function ViewLinks({ item, current, onFollow }: Look & { onFollow?: () => void }) {
  const project = usePageProject();
  const { views, query } = useSavedViews(project);
  const page = useShownPage();
  if (!project || query.isPending) return null;
  const looks = (view: SavedView): string =>
    `${item} ${samePage(page, view.page) ? current : ''} min-w-0 shrink-0`;
  return (
    <>
      {views.slice(0, MOST_IN_RAIL).map((view) => (
        <SavedViewLink
          key={view.id}
          view={view}
          projectId={project.id}
          current={samePage(page, view.page)}
          title={view.name}
          className={looks(view)}
          onFollow={onFollow}
        >
          <Icon name={view.shared ? 'people' : 'bookmark'} size={14} />
          <bdi className="truncate">{view.name}</bdi>
        </SavedViewLink>
      ))}
      {views.length > 0 && (
        <button
          type="button"
          className={`${item} shrink-0 text-xs`}
          onClick={() => {
            onFollow?.();
            openPanel('views');
          }}
        >
          {views.length > MOST_IN_RAIL ? words.manage(views.length) : words.all}
        </button>
      )}
      {views.length === 0 && query.isSuccess && (
        <button
          type="button"
          className={`${item} shrink-0 text-xs`}
          onClick={() => {
            onFollow?.();
            openPanel('save-view');
          }}
        >
          {words.save}
        </button>
      )}
    </>
  );
}
