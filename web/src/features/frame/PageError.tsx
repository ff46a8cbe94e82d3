import { Link, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClass } from '@/components/Button';
import { ErrorState } from '@/components/states';

/** What stands where a whole page could not be shown. */
export function PageError({ error, reset }: { error: unknown; reset?: () => void }): ReactNode {
  const router = useRouter();
  return (
    <main className="mx-auto mt-16 max-w-xl rounded-lg border bg-surface">
      <ErrorState
        what="This page"
        error={error}
        onRetry={() => {
          reset?.();
          void router.invalidate();
        }}
      />
    </main>
  );
}

/** An address that leads nowhere. */
export function PageMissing(): ReactNode {
  return (
    <main className="mx-auto mt-16 flex max-w-xl flex-col items-start gap-3 rounded-lg border bg-surface p-6">
      <h1 className="text-base font-semibold">There is no page at this address</h1>
      <p className="text-ink-2">The link may be mistyped, or from another version of Weir.</p>
      <Link to="/" className={buttonClass()}>
        Open the overview
      </Link>
    </main>
  );
}
