import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { redeemReset } from '@/api/session';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { PasswordField } from '@/components/form/fields';
import { useLinkToken } from '@/lib/token';
import { AuthPage, ForgotPasswordLink } from './AuthPage';
import { auth } from '@/words';

const words = auth.resetPassword;

/** Sets a new password with the link that was sent. */
export function ResetPassword(): ReactNode {
  const token = useLinkToken();
  const client = useQueryClient();
  const navigate = useNavigate();
  if (!token) {
    return (
      <AuthPage title={words.linkIncomplete} lead={words.openLinkEMail}>
        <ForgotPasswordLink />
      </AuthPage>
    );
  }
  return (
    <AuthPage title={words.chooseNewPassword} lead={words.logsOutEveryBrowser}>
      <Form
        label={words.chooseNewPassword}
        onSubmit={async (values) => {
          await redeemReset(token, values.raw('password'));
          client.clear();
          await navigate({ to: '/login', search: { done: 'reset' }, replace: true });
        }}
      >
        <PasswordField fresh label={words.newPassword} />
        <FormProblem />
        <Submit className="h-10">{words.setPassword}</Submit>
      </Form>
      <ForgotPasswordLink />
    </AuthPage>
  );
}
