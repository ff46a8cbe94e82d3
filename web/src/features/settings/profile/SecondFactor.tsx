import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { sessionQuery } from '@/api/session';
import {
  beginSecondFactor,
  confirmSecondFactor,
  endSecondFactor,
  renewRecoveryCodes,
} from '@/api/settings';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { CopyText, DownloadText } from '@/components/Copy';
import { Dialog, DialogHead } from '@/components/Dialog';
import { CodeField, PasswordField, TextField } from '@/components/form/fields';
import { Icon } from '@/components/Icon';
import { Modal } from '@/components/Modal';
import { Notice } from '@/components/Notice';
import { qrPath } from '@/lib/qr';
import { useSession } from '../../session';
import { people } from '@/words';

const words = people.secondFactor;

/** The dialog that is open: none, a step of the setup, or one of the changes. */
type Open =
  | { step: 'none' | 'password' | 'end' | 'renew' }
  | { step: 'scan'; secret: string; uri: string }
  | { step: 'codes'; codes: string[] };

const CLOSED: Open = { step: 'none' };
const WRONG = {
  invalid_credentials: { field: 'password', message: words.notPassword },
};
const digits = (code: string): string => code.replaceAll(' ', '');

/** The second factor: codes from an authenticator app, and recovery codes in case the app is lost. */
export function SecondFactor(): ReactNode {
  const { user } = useSession();
  const client = useQueryClient();
  const [open, setOpen] = useState<Open>(CLOSED);
  const close = (): void => setOpen(CLOSED);
  const changed = () => client.invalidateQueries(sessionQuery);
  return (
    <Card
      title={words.secondFactor}
      note={user.secondFactor ? words.on : words.off}
      testId="second-factor"
    >
      <div className="flex flex-col items-start gap-3 px-4 pb-4">
        <p className="max-w-prose text-ink-2">
          {user.secondFactor ? words.afterPasswordEnterCode : words.secondFactorStolenPassword}
        </p>
        {user.secondFactor ? (
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => setOpen({ step: 'renew' })}>{words.newRecoveryCodes}</Button>
            <Button onClick={() => setOpen({ step: 'end' })}>{words.turnOff}</Button>
          </div>
        ) : (
          <Button kind="primary" onClick={() => setOpen({ step: 'password' })}>
            {words.setUp}
          </Button>
        )}
      </div>
      <Dialog
        title={words.setUpSecondFactor}
        lead={words.enterPasswordConfirm}
        action={words.continue}
        open={open.step === 'password'}
        onClose={close}
        refusals={WRONG}
        onSubmit={async (values) => {
          setOpen({ step: 'scan', ...(await beginSecondFactor(values.raw('password'))) });
        }}
      >
        <PasswordField />
      </Dialog>
      <Dialog
        title={words.addWeirAuthenticatorApp}
        lead={words.scanCodeAppType}
        action={words.turn}
        open={open.step === 'scan'}
        onClose={close}
        onSubmit={async (values) => {
          const { recoveryCodes } = await confirmSecondFactor(digits(values.text('code')));
          setOpen({ step: 'codes', codes: recoveryCodes });
          await changed();
        }}
      >
        {open.step === 'scan' && <Secret secret={open.secret} uri={open.uri} />}
        <TextField
          name="code"
          label={words.code}
          mono
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={10}
        />
      </Dialog>
      <Dialog
        title={words.newRecoveryCodes}
        lead={words.existingCodesStopWorking}
        action={words.createNewCodes}
        open={open.step === 'renew'}
        onClose={close}
        refusals={WRONG}
        onSubmit={async (values) => {
          const password = values.raw('password');
          const made = await renewRecoveryCodes(password, digits(values.text('code')));
          setOpen({ step: 'codes', codes: made.recoveryCodes });
        }}
      >
        <PasswordField />
        <CodeField />
      </Dialog>
      <Dialog
        title={words.turnOffSecondFactor}
        lead={words.thenNeedOnlyPassword}
        action={words.turnOff}
        danger
        open={open.step === 'end'}
        onClose={close}
        refusals={WRONG}
        onSubmit={async (values) => {
          await endSecondFactor(values.raw('password'), digits(values.text('code')));
          close();
          await changed();
        }}
      >
        <PasswordField />
        <CodeField />
      </Dialog>
      <Modal
        label={words.recoveryCodes}
        open={open.step === 'codes'}
        onClose={close}
        kept
        className="max-w-md"
      >
        {open.step === 'codes' && <RecoveryCodes codes={open.codes} onDone={close} />}
      </Modal>
    </Card>
  );
}

function Secret({ secret, uri }: { secret: string; uri: string }): ReactNode {
  const { size, path } = useMemo(() => qrPath(uri), [uri]);
  return (
    <div className="flex flex-col items-center gap-3">
      {/* Black on white in both themes, for scanners. */}
      <svg
        role="img"
        aria-label={words.qrCodeSecret}
        data-testid="qr"
        viewBox={`0 0 ${size} ${size}`}
        shapeRendering="crispEdges"
        className="size-52 rounded-md border bg-white"
      >
        <path d={path} fill="#000" />
      </svg>
      <CopyText
        label={words.secret}
        testId="secret"
        text={secret.replace(/(.{4})(?=.)/g, '$1 ')}
        className="w-full"
      />
    </div>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }): ReactNode {
  const text = codes.join('\n');
  return (
    <div className="flex flex-col gap-4 p-5">
      <DialogHead title={words.recoveryCodes} lead={words.ifLoseAuthenticatorApp} />
      <Notice tone="warn">{words.codesShownOnlyOnce}</Notice>
      <CopyText label={words.recoveryCodes} testId="recovery-codes" text={text} />
      <div className="flex justify-end gap-2">
        <DownloadText name="weir-recovery-codes.txt" text={`${text}\n`}>
          <Icon name="down" size={14} /> {words.download}
        </DownloadText>
        <Button kind="primary" onClick={onDone}>
          {words.iSavedThem}
        </Button>
      </div>
    </div>
  );
}
