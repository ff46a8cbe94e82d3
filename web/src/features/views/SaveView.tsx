import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Project } from '@/api/identity';
import { refreshViews, saveView } from '@/api/savedViews';
import { Dialog } from '@/components/Dialog';
import type { Refusals } from '@/components/form/failure';
import { CheckField, TextField } from '@/components/form/fields';
import { usePanel } from '@/lib/panel';
import { rangeFromParams, rangeLabel } from '@/lib/range';
import { views as words } from '@/words';
import { usePermission } from '../session';
import { usePageSearch } from '../view';
import { useZone } from '../zone';
import { useShownPage } from './useSavedViews';

/** What refusals of a view mean. */
export const REFUSALS: Refusals = {
  name_taken: { field: 'name', message: words.nameTaken },
  precondition_failed: { message: words.changedMeanwhile },
  not_found: { message: words.gone },
};

/** The dialog that saves the page on screen. */
export function SaveView({ project }: { project: Project }): ReactNode {
  const [open, setOpen] = usePanel('save-view');
  const client = useQueryClient();
  const page = useShownPage();
  const lead = useRangeLead();
  return (
    <Dialog
      title={words.save}
      lead={lead}
      action={words.action}
      open={open}
      onClose={() => setOpen(false)}
      refusals={REFUSALS}
      onSubmit={async (values) => {
        const shared = values.raw('shared') === 'on';
        await saveView(project.id, { name: values.text('name'), page, shared });
        setOpen(false);
        await refreshViews(client, project.id);
      }}
    >
      <ViewFields project={project} />
    </Dialog>
  );
}

/** What is kept, and whether its range moves. */
function useRangeLead(): string {
  const range = rangeFromParams(usePageSearch());
  const zone = useZone();
  if (range === null) return words.saveLead;
  const says = range.kind === 'absolute' ? words.fixed : words.moving;
  return `${words.saveLead} ${says(rangeLabel(range, zone))}`;
}

/** The name of a view and, for those who may share it, who sees it. */
export function ViewFields(props: {
  project: Project;
  name?: string;
  shared?: boolean;
  /** A further hint about sharing. */
  hint?: string;
}): ReactNode {
  const sharing = usePermission(props.project, 'share_views');
  return (
    <>
      <TextField
        name="name"
        label={words.name}
        autoComplete="off"
        maxLength={120}
        defaultValue={props.name}
        placeholder={words.namePlaceholder}
      />
      {sharing && (
        <CheckField
          name="shared"
          label={words.shared}
          defaultChecked={props.shared}
          hint={[words.sharedHint, props.hint].filter(Boolean).join(' ')}
        />
      )}
    </>
  );
}
