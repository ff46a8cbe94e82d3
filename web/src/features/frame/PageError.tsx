import { Link, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClass } from '@/components/Button';
import { ErrorState } from '@/components/states';

/** Shown in place of a page that failed to load. */
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

/** Shown at an address that has no page. */
export function PageMissing(): ReactNode {
  return (
    <main className="mx-auto mt-16 flex max-w-xl flex-col items-start gap-3 rounded-lg border bg-surface p-6">
      <h1 className="text-base font-semibold">Page not found</h1>
      <p className="text-ink-2">The link may be mistyped or belong to another version of Weir.</p>
      <Link to="/" className={buttonClass()}>
        Go to the overview
      </Link>
    </main>
  );
}
