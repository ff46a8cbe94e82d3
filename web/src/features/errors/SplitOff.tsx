import { useState, type ReactNode } from 'react';
import { splitGroup, type ErrorGroupDetail, type Split } from '@/api/errors';
import { Button } from '@/components/Button';
import { Dialog } from '@/components/Dialog';
import { CheckField, TextField } from '@/components/form/fields';
import type { Values } from '@/components/form/values';
import { useRefreshErrors } from './refreshErrors';

type Way = 'members' | 'pattern';

function splitOf(way: Way, values: Values): Split {
  if (way === 'members') return { fingerprints: values.all('fingerprints') };
  return { pattern: values.raw('pattern'), title: values.optional('title') };
}

/** Splits errors off from a group: groups that were merged into it, or messages that match an expression. */
export function SplitOff(props: {
  projectId: string;
  id: string;
  members: ErrorGroupDetail['members'];
  open: boolean;
  onClose: () => void;
}): ReactNode {
  const refreshErrors = useRefreshErrors(props.projectId);
  const merged = props.members.length > 1;
  const [chosen, setChosen] = useState<Way>('members');
  const way = merged ? chosen : 'pattern';
  return (
    <Dialog
      wide
      title="Split group"
      lead={
        merged
          ? 'Separate groups that were merged into this one, or move messages that match an expression to a new group.'
          : 'Move messages that match an expression to a new group. This adds a rule to the project.'
      }
      action="Split"
      open={props.open}
      onClose={props.onClose}
      onSubmit={async (values) => {
        await splitGroup(props.projectId, props.id, splitOf(way, values));
        props.onClose();
        await refreshErrors();
      }}
    >
      {merged && (
        <div role="group" aria-label="How to split" className="flex gap-1">
          <Button aria-pressed={way === 'members'} onClick={() => setChosen('members')}>
            Merged groups
          </Button>
          <Button aria-pressed={way === 'pattern'} onClick={() => setChosen('pattern')}>
            By expression
          </Button>
        </div>
      )}
      {way === 'members' ? (
        <fieldset className="flex max-h-72 flex-col gap-1 overflow-y-auto">
          <legend className="mb-1 text-xs font-medium text-ink-2">Groups to separate</legend>
          {props.members.map((member) => (
            <CheckField
              key={member.fingerprint}
              name="fingerprints"
              value={member.fingerprint}
              label={member.title}
              hint={member.message ?? undefined}
            />
          ))}
        </fieldset>
      ) : (
        <>
          <TextField
            name="pattern"
            label="Regular expression"
            mono
            maxLength={1000}
            spellCheck={false}
            autoComplete="off"
            placeholder="card .* declined"
          />
          <TextField
            name="title"
            label="Name of the new group (optional)"
            required={false}
            maxLength={200}
            autoComplete="off"
          />
        </>
      )}
    </Dialog>
  );
}
