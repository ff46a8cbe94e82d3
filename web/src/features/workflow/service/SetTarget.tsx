import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { saveTarget, type ServiceLevel } from '@/api/workflow';
import { Dialog } from '@/components/Dialog';
import { workflow as words } from '@/words';
import type { View } from '../../view';
import { draftFrom, textsOf } from './draft';
import { Preview } from './Preview';
import { TargetFields } from './TargetFields';
import { usePast } from './usePreview';

const SAID = words.service;

interface Props {
  /** The view of the service level: of a workflow, or of the whole project. */
  view: View;
  config: ServiceLevel['config'];
  open: boolean;
  onClose: () => void;
}

/** Sets the target of a workflow or of a project, beside what the last 90 days would have been with it. */
export function SetTarget(props: Props): ReactNode {
  // Each time it is opened, it begins with the target in force.
  return props.open ? <Editing {...props} /> : null;
}

function Editing({ view, config, onClose }: Props): ReactNode {
  const [workflowId] = view.workflows;
  const client = useQueryClient();
  const [texts, setTexts] = useState(() => textsOf(config));
  const draft = useMemo(() => draftFrom(texts), [texts]);
  const past = usePast(view, config, draft?.targetP95Ms ?? config.targetP95Ms, true);
  const lead = !workflowId
    ? SAID.leadOfProject
    : config.level === 'workflow'
      ? SAID.lead
      : SAID.leadFirst;
  return (
    <Dialog
      title={SAID.change}
      lead={lead}
      action={SAID.save}
      open
      onClose={onClose}
      onSubmit={async () => {
        if (!draft) return;
        await saveTarget({ projectId: view.project.id, workflowId, ...draft });
        onClose();
        await client.invalidateQueries({ queryKey: ['query', view.project.id] });
      }}
      aside={<Preview past={past} draft={draft} />}
    >
      <TargetFields
        texts={texts}
        onChange={(patch) => setTexts((before) => ({ ...before, ...patch }))}
        draft={draft}
        days={past.days}
      />
    </Dialog>
  );
}
