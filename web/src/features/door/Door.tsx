import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Mark } from '@/components/Icon';

/** The frame of what one sees before being logged in: a heading, a form, a way elsewhere. */
export function Door(props: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}): ReactNode {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 p-4">
      <title>{`${props.title} · Weir`}</title>
      <div className="flex w-full max-w-sm flex-col gap-5 rounded-lg border bg-surface p-6 sm:p-8">
        <div className="flex flex-col gap-1.5">
          <h1 className="flex items-center gap-2.5 text-lg leading-7 font-semibold">
            <Mark size={26} /> {props.title}
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

/** The way to the login. */
export function LoginLink({ children = 'Log in' }: { children?: ReactNode }): ReactNode {
  return (
    <Link to="/login" className={LINK}>
      {children}
    </Link>
  );
}

/** The way to a new password. */
export function ForgottenLink(): ReactNode {
  return (
    <Link to="/forgotten" className={LINK}>
      Forgotten password
    </Link>
  );
}
