import { useState, type ReactNode } from 'react';
import { requestReset } from '@/api/session';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { EmailField } from '@/components/form/fields';
import { Notice } from '@/components/Notice';
import { AuthPage, LoginLink } from './AuthPage';
import { auth } from '@/words';

const words = auth.forgotPassword;

/** Requests a password reset link. */
export function ForgotPassword(): ReactNode {
  const [sent, setSent] = useState<string | null>(null);
  if (sent) {
    return (
      <AuthPage title={words.checkEMail}>
        <Notice tone="good">{words.ifThereAccountPassword(sent)}</Notice>
        <p className="text-xs text-ink-3">{words.nothingArrivedCheckSpam}</p>
        <LoginLink>{words.backLogin}</LoginLink>
      </AuthPage>
    );
  }
  return (
    <AuthPage title={words.resetPassword} lead={words.enterEMailAddress}>
      <Form
        label={words.resetPassword}
        onSubmit={async (values) => {
          const email = values.text('email');
          await requestReset(email);
          setSent(email);
        }}
      >
        <EmailField />
        <FormProblem />
        <Submit className="h-10">{words.sendLink}</Submit>
      </Form>
      <LoginLink>{words.backLogin}</LoginLink>
    </AuthPage>
  );
}
