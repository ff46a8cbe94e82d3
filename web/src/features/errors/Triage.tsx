import { useState, type ReactNode } from 'react';
import { asProblem } from '@/api/client';
import { decideGroup, type ErrorDecision, type ErrorTriage, type GroupState } from '@/api/errors';
import { Button } from '@/components/Button';
import { Dialog } from '@/components/Dialog';
import { AreaField } from '@/components/form/fields';
import { Icon, type IconName } from '@/components/Icon';
import { Name } from '@/components/Name';
import { errors } from '@/words';
import { Author } from '../annotations/Author';
import { RelativeTime } from '../Time';
import { Assign } from './Assign';
import { useRefreshErrors } from './refreshErrors';

const words = errors.triage;
const { said } = words;

/** What can be decided about a group in each state, the usual first. */
export const DECISIONS: Record<GroupState, ErrorDecision[]> = {
  open: ['resolved', 'ignored'],
  came_back: ['resolved', 'ignored', 'open'],
  resolved: ['open', 'ignored'],
  ignored: ['open', 'resolved'],
};

const ICONS: Record<GroupState, IconName> = {
  open: 'warning',
  came_back: 'warning',
  resolved: 'check',
  ignored: 'slash',
};

/** What was decided about a group and who looks after it; those who may change both. */
export function Triage(props: {
  projectId: string;
  id: string;
  triage: ErrorTriage;
  /** Whether the user may decide about groups. */
  allowed: boolean;
}): ReactNode {
  const { projectId, id, triage, allowed } = props;
  const [decision, setDecision] = useState<ErrorDecision | null>(null);
  return (
    <section
      aria-label={words.label}
      data-testid="triage"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border bg-surface px-4 py-2"
    >
      <div className="flex min-w-64 flex-1 items-start gap-2">
        <span className={`pt-0.5 ${triage.state === 'came_back' ? 'text-bad' : 'text-ink-3'}`}>
          <Icon name={ICONS[triage.state]} size={14} />
        </span>
        <p className="min-w-0">
          <Said of={triage} />
        </p>
      </div>
      <Assign {...props} />
      {allowed && (
        <div className="flex flex-wrap gap-1.5">
          {DECISIONS[triage.state].map((one) => (
            <Button key={one} onClick={() => setDecision(one)}>
              {words.actions[one]}
            </Button>
          ))}
        </div>
      )}
      {decision && (
        <Decide
          projectId={projectId}
          id={id}
          triage={triage}
          decision={decision}
          onClose={() => setDecision(null)}
        />
      )}
    </section>
  );
}

/** What was decided, by whom and when, in a line. */
function Said({ of }: { of: ErrorTriage }): ReactNode {
  const { state, decidedBy, decidedAt, resolvedAt, cameBackAt, note } = of;
  if (decidedBy == null || decidedAt == null) return said.nothing;
  const decision = resolvedAt != null ? 'resolved' : state === 'ignored' ? 'ignored' : 'reopened';
  return (
    <>
      {said[decision](<Author of={decidedBy} />, <RelativeTime at={decidedAt} />)}{' '}
      {cameBackAt != null && (
        <strong className="font-semibold text-bad">
          {said.cameBack(<RelativeTime at={cameBackAt} />)}
        </strong>
      )}
      {note && (
        <span className="block text-xs wrap-anywhere whitespace-pre-wrap text-ink-3">
          {said.note(<Name of={note} />)}
        </span>
      )}
    </>
  );
}

/** Resolves, ignores or reopens a group, with a reason. */
function Decide(props: {
  projectId: string;
  id: string;
  triage: ErrorTriage;
  decision: ErrorDecision;
  onClose: () => void;
}): ReactNode {
  const { projectId, id, decision, onClose } = props;
  // What is read again meanwhile does not count: the decision is about this.
  const [before] = useState(props.triage);
  const [note, setNote] = useState('');
  const refresh = useRefreshErrors(projectId);
  return (
    <Dialog
      open
      title={words.titles[decision]}
      lead={words.leads[decision]}
      action={words.actions[decision]}
      refusals={{ precondition_failed: { message: words.outdated } }}
      onClose={onClose}
      onSubmit={async (values) => {
        try {
          const reason = values.optional('note');
          await decideGroup(projectId, id, before, { state: decision, note: reason });
        } catch (error) {
          if (asProblem(error).status === 412) void refresh();
          throw error;
        }
        onClose();
        await refresh();
      }}
    >
      <AreaField prose name="note" label={words.reason} rows={3} value={note} onChange={setNote} />
    </Dialog>
  );
}
