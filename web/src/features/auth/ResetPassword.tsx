import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { redeemReset } from '@/api/session';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { PasswordField } from '@/components/form/fields';
import { useLinkToken } from '@/lib/token';
import { AuthPage, ForgotPasswordLink } from './AuthPage';

/** Sets a new password with the link that was sent. */
export function ResetPassword(): ReactNode {
  const token = useLinkToken();
  const client = useQueryClient();
  const navigate = useNavigate();
  if (!token) {
    return (
      <AuthPage
        title="This link is incomplete"
        lead="Open the link in the e-mail again, or request a new one."
      >
        <ForgotPasswordLink />
      </AuthPage>
    );
  }
  return (
    <AuthPage title="Choose a new password" lead="This logs you out of every browser.">
      <Form
        label="Choose a new password"
        onSubmit={async (values) => {
          await redeemReset(token, values.raw('password'));
          client.clear();
          await navigate({ to: '/login', search: { done: 'reset' }, replace: true });
        }}
      >
        <PasswordField fresh label="New password" />
        <FormProblem />
        <Submit className="h-10">Set password</Submit>
      </Form>
      <ForgotPasswordLink />
    </AuthPage>
  );
}
