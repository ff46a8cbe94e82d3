import type { ReactNode } from 'react';
import type { NewApiKey } from '@/api/identity';
import { Button } from '@/components/Button';
import { CopyText } from '@/components/Copy';
import { DialogHead } from '@/components/Dialog';
import { Modal } from '@/components/Modal';
import { Notice } from '@/components/Notice';
import { useMinute } from '@/lib/clock';
import { tryCommand } from './command';
import { settings } from '@/words';

const words = settings.keyShown;

/** A newly created key, shown only this once, with a command that tries it. */
export function KeyShown(props: { made: NewApiKey | null; onClose: () => void }): ReactNode {
  const { made } = props;
  const now = useMinute();
  return (
    <Modal
      label={words.newKey}
      open={made !== null}
      onClose={props.onClose}
      kept
      className="max-w-2xl"
    >
      {made && (
        <div className="flex flex-col gap-4 p-5">
          <DialogHead title={made.name} />
          <Notice tone="warn">{words.keyShownOnlyOnce}</Notice>
          <CopyText label={words.key} testId="new-key" text={made.key} />
          <div className="flex flex-col gap-1">
            <p className="text-xs text-ink-3">{words.tryWord}</p>
            <CopyText label={words.command} text={tryCommand(made, window.location.origin, now)} />
          </div>
          <Button kind="primary" className="self-end" onClick={props.onClose}>
            {words.iSaved}
          </Button>
        </div>
      )}
    </Modal>
  );
}
