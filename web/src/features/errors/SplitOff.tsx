import { useState, type ReactNode } from 'react';
import { splitGroup, type ErrorGroupDetail, type Split } from '@/api/errors';
import { Button } from '@/components/Button';
import { Dialog } from '@/components/Dialog';
import { CheckField, TextField } from '@/components/form/fields';
import type { Values } from '@/components/form/values';
import { useRegrouped } from './regrouped';

type Way = 'members' | 'pattern';

function splitOf(way: Way, values: Values): Split {
  if (way === 'members') return { fingerprints: values.all('fingerprints') };
  return { pattern: values.raw('pattern'), title: values.optional('title') };
}

/** Takes errors out of a group: what was merged into it, or messages that match an expression. */
export function SplitOff(props: {
  projectId: string;
  id: string;
  members: ErrorGroupDetail['members'];
  open: boolean;
  onClose: () => void;
}): ReactNode {
  const regrouped = useRegrouped(props.projectId);
  const merged = props.members.length > 1;
  const [chosen, setChosen] = useState<Way>('members');
  const way = merged ? chosen : 'pattern';
  return (
    <Dialog
      wide
      title="Split the group"
      lead={
        merged
          ? 'Parts that were merged into it become groups of their own again, or messages that match an expression become one.'
          : 'Messages that match an expression become a group of their own, by a rule that is added to the project’s.'
      }
      action="Split"
      open={props.open}
      onClose={props.onClose}
      onSubmit={async (values) => {
        await splitGroup(props.projectId, props.id, splitOf(way, values));
        props.onClose();
        await regrouped();
      }}
    >
      {merged && (
        <div role="group" aria-label="How" className="flex gap-1">
          <Button aria-pressed={way === 'members'} onClick={() => setChosen('members')}>
            Merged parts
          </Button>
          <Button aria-pressed={way === 'pattern'} onClick={() => setChosen('pattern')}>
            By expression
          </Button>
        </div>
      )}
      {way === 'members' ? (
        <fieldset className="flex max-h-72 flex-col gap-1 overflow-y-auto">
          <legend className="mb-1 text-xs font-medium text-ink-2">Take out</legend>
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
