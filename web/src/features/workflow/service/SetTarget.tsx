import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { saveTarget, type ServiceLevel } from '@/api/workflow';
import { Dialog } from '@/components/Dialog';
import { workflow as words } from '@/words';
import type { View } from '../../view';
import { draftFrom, numbersOf, textsOf, type Texts } from './draft';
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
export function SetTarget({ view, config, open, onClose }: Props): ReactNode {
  const [workflowId] = view.workflows;
  const client = useQueryClient();
  // Until something is typed, the fields have the target in force.
  const [typed, setTyped] = useState<Texts | null>(null);
  const texts = useMemo(() => typed ?? textsOf(config), [typed, config]);
  const draft = useMemo(() => draftFrom(texts), [texts]);
  const past = usePast(view, config, draft?.targetP95Ms ?? config.targetP95Ms, open);
  const close = (): void => {
    setTyped(null);
    onClose();
  };
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
      open={open}
      onClose={close}
      onSubmit={async () => {
        await saveTarget({ projectId: view.project.id, workflowId, ...numbersOf(texts) });
        close();
        await client.invalidateQueries({ queryKey: ['query', view.project.id] });
      }}
      aside={<Preview past={past} draft={draft} />}
    >
      <TargetFields
        texts={texts}
        onChange={(patch) => setTyped((before) => ({ ...(before ?? texts), ...patch }))}
        draft={draft}
        days={past.days}
      />
    </Dialog>
  );
}
