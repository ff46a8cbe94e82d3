import { useState, type ReactNode } from 'react';
import { splitGroup, type ErrorGroupDetail, type Split } from '@/api/errors';
import { Button } from '@/components/Button';
import { Dialog } from '@/components/Dialog';
import { CheckField, TextField } from '@/components/form/fields';
import type { Values } from '@/components/form/values';
import { useRefreshErrors } from './refreshErrors';
import { errors } from '@/words';

const words = errors.splitOff;

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
      title={words.splitGroup}
      lead={merged ? words.separateGroupsWereMerged : words.moveMessagesMatchExpression}
      action={words.split}
      open={props.open}
      onClose={props.onClose}
      onSubmit={async (values) => {
        await splitGroup(props.projectId, props.id, splitOf(way, values));
        props.onClose();
        await refreshErrors();
      }}
    >
      {merged && (
        <div role="group" aria-label={words.howSplit} className="flex gap-1">
          <Button aria-pressed={way === 'members'} onClick={() => setChosen('members')}>
            {words.mergedGroups}
          </Button>
          <Button aria-pressed={way === 'pattern'} onClick={() => setChosen('pattern')}>
            {words.expression}
          </Button>
        </div>
      )}
      {way === 'members' ? (
        <fieldset className="flex max-h-72 flex-col gap-1 overflow-y-auto">
          <legend className="mb-1 text-xs font-medium text-ink-2">{words.groupsSeparate}</legend>
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
            label={words.regularExpression}
            mono
            maxLength={1000}
            spellCheck={false}
            autoComplete="off"
            placeholder={words.cardDeclined}
          />
          <TextField
            name="title"
            label={words.nameNewGroupOptional}
            required={false}
            maxLength={200}
            autoComplete="off"
          />
        </>
      )}
    </Dialog>
  );
}
