import type { ReactNode } from 'react';
import type { SavedView } from '@/api/savedViews';
import { Button } from '@/components/Button';
import { Name } from '@/components/Name';
import { Tag } from '@/components/Tag';
import { views as words } from '@/words';
import type { Changing } from './ChangeDialogs';
import { SavedViewLink } from './SavedViewLink';

/** A saved view: a link that opens it, who sees it, and what can be changed about it. */
export function ViewRow(props: {
  view: SavedView;
  projectId: string;
  /** Whether it is the page on screen. */
  current: boolean;
  changeable: boolean;
  onOpen: () => void;
  onChange: (kind: Changing['kind']) => void;
}): ReactNode {
  const { view, current, onChange } = props;
  const { name } = view;
  return (
    <li
      data-testid="saved-view"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t px-2 py-2 first:border-t-0"
    >
      <SavedViewLink
        view={view}
        projectId={props.projectId}
        current={current}
        onFollow={props.onOpen}
        className="flex min-w-48 flex-1 flex-col rounded pointer-coarse:min-h-10 pointer-coarse:justify-center"
      >
        <span className="font-medium text-accent hover:underline">
          <Name of={name} />
        </span>
        <span className="flex flex-wrap items-center gap-1.5 text-xs text-ink-3">
          <Tag>{view.shared ? words.sharedTag : words.private}</Tag>
          {view.shared && <bdi>{words.by(view.author)}</bdi>}
          {current && <Tag tone="accent">{words.current}</Tag>}
        </span>
      </SavedViewLink>
      {props.changeable && (
        <span className="flex flex-wrap gap-1">
          {!current && (
            <Button
              small
              title={words.updateHint}
              aria-label={words.updateOf(name)}
              onClick={() => onChange('update')}
            >
              {words.update}
            </Button>
          )}
          <Button small aria-label={words.editOf(name)} onClick={() => onChange('edit')}>
            {words.edit}
          </Button>
          <Button small aria-label={words.removeOf(name)} onClick={() => onChange('remove')}>
            {words.remove}
          </Button>
        </span>
      )}
    </li>
  );
}
