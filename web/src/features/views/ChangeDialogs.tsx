import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { asProblem } from '@/api/client';
import type { Project } from '@/api/identity';
import { changeView, deleteView, refreshViews, type SavedView } from '@/api/savedViews';
import { Dialog } from '@/components/Dialog';
import { views as words } from '@/words';
import { usePermission } from '../session';
import { REFUSALS, ViewFields } from './SaveView';
import { useShownPage } from './useSavedViews';

/** What is being done to a view. */
export interface Changing {
  kind: 'edit' | 'update' | 'remove';
  id: string;
}

/** The codes of a view that is not as it was read. */
const OUTDATED = ['precondition_failed', 'not_found'];

/** The dialogs that change one of the views. */
export function ChangeDialogs(props: {
  project: Project;
  views: SavedView[];
  changing: Changing | null;
  onClose: () => void;
  /** Hears what was done, in words. */
  onDone: (said: string) => void;
}): ReactNode {
  const { project, changing, onClose, onDone } = props;
  const client = useQueryClient();
  const page = useShownPage();
  const sharing = usePermission(project, 'share_views');
  const view = props.views.find(({ id }) => id === changing?.id);
  /** Does something to the view as it was last read. If it is another by now, reads it again before saying so. */
  const act = async (change: (view: SavedView) => Promise<unknown>, said = ''): Promise<void> => {
    try {
      if (view) await change(view);
    } catch (error) {
      if (OUTDATED.includes(asProblem(error).code)) await refreshViews(client, project.id);
      throw error;
    }
    onClose();
    onDone(said);
    await refreshViews(client, project.id);
  };
  const dialog = (kind: Changing['kind']) => ({
    open: changing?.kind === kind,
    onClose,
    refusals: REFUSALS,
  });
  const name = view?.name ?? '';
  return (
    <>
      <Dialog
        {...dialog('edit')}
        title={words.editOf(name)}
        action={words.action}
        onSubmit={(values) =>
          act((held) =>
            changeView(project.id, held, {
              name: values.text('name'),
              shared: sharing ? values.raw('shared') === 'on' : held.shared,
            }),
          )
        }
      >
        <ViewFields
          project={project}
          name={name}
          shared={view?.shared}
          hint={view?.shared ? words.ownerChanges : undefined}
        />
      </Dialog>
      <Dialog
        {...dialog('update')}
        title={words.updateOf(name)}
        lead={`${words.updateLead} ${view?.shared ? words.updateShared : ''}`}
        action={words.updateAction}
        onSubmit={() => act((held) => changeView(project.id, held, { page }), words.updated(name))}
      />
      <Dialog
        {...dialog('remove')}
        title={words.removeOf(name)}
        lead={`${words.removeLead} ${view?.shared ? words.removeShared : ''}`}
        action={words.remove}
        danger
        onSubmit={() => act((held) => deleteView(project.id, held))}
      />
    </>
  );
}
