import { useState, type ReactNode } from 'react';
import type { Project } from '@/api/identity';
import type { SavedView } from '@/api/savedViews';
import { Button } from '@/components/Button';
import { DialogHead } from '@/components/Dialog';
import { Icon } from '@/components/Icon';
import { Modal } from '@/components/Modal';
import { EmptyNote, ErrorState, TableSkeleton } from '@/components/states';
import { openPanel, usePanel } from '@/lib/panel';
import { samePage } from '@/lib/savedPage';
import { views as words } from '@/words';
import { usePermission } from '../session';
import { ChangeDialogs, type Changing } from './ChangeDialogs';
import { withText } from './order';
import { useSavedViews, useShownPage } from './useSavedViews';
import { ViewRow } from './ViewRow';

/** More views than this are searched. */
const MANY = 8;

/** The dialog with all saved views of a project: open, rename, share, update, delete. */
export function ManageViews({ project }: { project: Project }): ReactNode {
  const [open, setOpen] = usePanel('views');
  const close = (): void => setOpen(false);
  return (
    <Modal label={words.title} open={open} onClose={close} className="max-w-2xl max-md:mt-4">
      <Content project={project} onClose={close} />
    </Modal>
  );
}

function Content({ project, onClose }: { project: Project; onClose: () => void }): ReactNode {
  const { views, query } = useSavedViews(project);
  const [text, setText] = useState('');
  const [changing, setChanging] = useState<Changing | null>(null);
  const [said, setSaid] = useState('');
  return (
    <div className="flex flex-col gap-4 p-5" data-testid="manage-views">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <DialogHead title={words.title} />
        <Button onClick={() => openPanel('save-view')}>
          <Icon name="plus" size={14} /> {words.save}
        </Button>
      </div>
      {views.length > MANY && (
        <input
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="h-9 rounded-md border border-line-strong bg-surface px-2.5 pointer-coarse:h-11"
        />
      )}
      {query.isPending && <TableSkeleton rows={3} />}
      {query.isError && (
        <ErrorState what={words.title} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isSuccess && (
        <Rows
          project={project}
          views={withText(views, text)}
          none={views.length === 0}
          onOpen={onClose}
          onChange={setChanging}
        />
      )}
      <p role="status" className="text-xs text-ink-2 empty:hidden">
        {said}
      </p>
      <div className="flex justify-end">
        <Button onClick={onClose}>{words.close}</Button>
      </div>
      <ChangeDialogs
        project={project}
        views={views}
        changing={changing}
        onClose={() => setChanging(null)}
        onDone={setSaid}
      />
    </div>
  );
}

function Rows(props: {
  project: Project;
  views: SavedView[];
  none: boolean;
  onOpen: () => void;
  onChange: (changing: Changing) => void;
}): ReactNode {
  const { project, views } = props;
  const sharing = usePermission(project, 'share_views');
  const page = useShownPage();
  if (views.length === 0) return <EmptyNote>{props.none ? words.none : words.noMatch}</EmptyNote>;
  return (
    <ul className="-mx-2 max-h-[55vh] overflow-y-auto border-y">
      {views.map((view) => (
        <ViewRow
          key={view.id}
          view={view}
          projectId={project.id}
          current={samePage(page, view.page)}
          changeable={!view.shared || sharing}
          onOpen={props.onOpen}
          onChange={(kind) => props.onChange({ kind, id: view.id })}
        />
      ))}
    </ul>
  );
}
