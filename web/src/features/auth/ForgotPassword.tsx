import { useState, type ReactNode } from 'react';
import { requestReset } from '@/api/session';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { EmailField } from '@/components/form/fields';
import { Notice } from '@/components/Notice';
import { AuthPage, LoginLink } from './AuthPage';

/** Requests a password reset link. */
export function ForgotPassword(): ReactNode {
  const [sent, setSent] = useState<string | null>(null);
  if (sent) {
    return (
      <AuthPage title="Check your e-mail">
        <Notice tone="good">
          If there is an account for {sent}, a password reset link is on its way.
        </Notice>
        <p className="text-xs text-ink-3">
          Nothing arrived? Check your spam folder, or ask whoever runs this server: if it has no
          mail server, it writes the link to standard output.
        </p>
        <LoginLink>Back to login</LoginLink>
      </AuthPage>
    );
  }
  return (
    <AuthPage
      title="Reset your password"
      lead="Enter your e-mail address to receive a password reset link."
    >
      <Form
        label="Reset your password"
        onSubmit={async (values) => {
          const email = values.text('email');
          await requestReset(email);
          setSent(email);
        }}
      >
        <EmailField />
        <FormProblem />
        <Submit className="h-10">Send link</Submit>
      </Form>
      <LoginLink>Back to login</LoginLink>
    </AuthPage>
  );
}
