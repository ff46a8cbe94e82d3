import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Logo } from '@/components/Icon';
import { auth, frame } from '@/words';

const words = auth.authPage;

/** The frame of the pages before login: a heading, a form, and links to other pages. */
export function AuthPage(props: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}): ReactNode {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 p-4">
      <title>{frame.pageTitle(props.title)}</title>
      <div className="flex w-full max-w-sm flex-col gap-5 rounded-lg border bg-surface p-6 sm:p-8">
        <div className="flex flex-col gap-1.5">
          <h1 className="flex items-center gap-2.5 text-lg leading-7 font-semibold">
            <Logo size={26} /> {props.title}
          </h1>
          {props.lead && <p className="text-ink-2">{props.lead}</p>}
        </div>
        {props.children}
      </div>
      {props.foot && <div className="max-w-sm text-center text-xs text-ink-3">{props.foot}</div>}
    </main>
  );
}

const LINK = 'touch-target inline-flex items-center rounded text-xs text-accent hover:underline';

/** A link to the login page. */
export function LoginLink({ children = auth.login.log }: { children?: ReactNode }): ReactNode {
  return (
    <Link to="/login" className={LINK}>
      {children}
    </Link>
  );
}

/** A link to the page that requests a password reset. */
export function ForgotPasswordLink(): ReactNode {
  return (
    <Link to="/forgotten" className={LINK}>
      {words.forgotPassword}
    </Link>
  );
}
