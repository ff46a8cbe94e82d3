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

/** The dialog that is open: none, a step of the setup, or one of the changes. */
type Open =
  | { step: 'none' | 'password' | 'end' | 'renew' }
  | { step: 'scan'; secret: string; uri: string }
  | { step: 'codes'; codes: string[] };

const CLOSED: Open = { step: 'none' };
const WRONG = {
  invalid_credentials: { field: 'password', message: 'This is not your password.' },
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
    <Card title="Second factor" note={user.secondFactor ? 'on' : 'off'} testId="second-factor">
      <div className="flex flex-col items-start gap-3 px-4 pb-4">
        <p className="max-w-prose text-ink-2">
          {user.secondFactor
            ? 'After your password, you enter a code from your authenticator app to log in.'
            : 'With a second factor, a stolen password is not enough: you also enter a code from an authenticator app to log in.'}
        </p>
        {user.secondFactor ? (
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => setOpen({ step: 'renew' })}>New recovery codes</Button>
            <Button onClick={() => setOpen({ step: 'end' })}>Turn off</Button>
          </div>
        ) : (
          <Button kind="primary" onClick={() => setOpen({ step: 'password' })}>
            Set up
          </Button>
        )}
      </div>
      <Dialog
        title="Set up a second factor"
        lead="Enter your password to confirm that it is you."
        action="Continue"
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
        title="Add Weir to your authenticator app"
        lead="Scan the code with the app, or type the secret into it. Then enter the code that it shows."
        action="Turn on"
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
          label="Code"
          mono
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={10}
        />
      </Dialog>
      <Dialog
        title="New recovery codes"
        lead="Your existing codes stop working."
        action="Create new codes"
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
        title="Turn off the second factor"
        lead="You will then need only your password to log in."
        action="Turn off"
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
        label="Recovery codes"
        open={open.step === 'codes'}
        onClose={close}
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
        aria-label="QR code of the secret"
        data-testid="qr"
        viewBox={`0 0 ${size} ${size}`}
        shapeRendering="crispEdges"
        className="size-52 rounded-md border bg-white"
      >
        <path d={path} fill="#000" />
      </svg>
      <CopyText
        label="Secret"
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
      <DialogHead
        title="Recovery codes"
        lead="If you lose your authenticator app, each code lets you log in once."
      />
      <Notice tone="warn">The codes are shown only once. Keep them with your passwords.</Notice>
      <CopyText label="Recovery codes" testId="recovery-codes" text={text} />
      <div className="flex justify-end gap-2">
        <DownloadText name="weir-recovery-codes.txt" text={`${text}\n`}>
          <Icon name="down" size={14} /> Download
        </DownloadText>
        <Button kind="primary" onClick={onDone}>
          I have saved them
        </Button>
      </div>
    </div>
  );
}
