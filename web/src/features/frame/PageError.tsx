import { Link, useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button, buttonClass } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { ErrorState } from '@/components/states';
import { CodeMissing, serverAnswers } from '@/lib/lazyPage';
import { problems } from '@/words';
import { useLive } from '../live';

const words = problems.page;

interface Props {
  error: unknown;
  reset?: () => void;
}

/** Shown in place of a page that failed to load; what is around the page stays. */
export function PageError({ error, reset }: Props): ReactNode {
  const router = useRouter();
  const retry = (): void => {
    reset?.();
    void router.invalidate();
  };
  return (
    <div className="mx-auto mt-16 w-full max-w-xl rounded-lg border bg-surface">
      {error instanceof CodeMissing ? (
        <NoCode outdated={error.outdated} />
      ) : (
        <ErrorState what={words.what} error={error} onRetry={retry} />
      )}
    </div>
  );
}

/** Shown if not even the frame could be loaded. */
export function FrameError(props: Props): ReactNode {
  return (
    <main className="p-3">
      <PageError {...props} />
    </main>
  );
}

/** Calls `act` when the live stream is connected again after it was not. */
function useReturn(act: () => void): void {
  const connected = useLive().state === 'open';
  const before = useRef(connected);
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (connected && !before.current) latest.current();
    before.current = connected;
  }, [connected]);
}

/** The code of the page is not there: the server is gone, or has another version by now. */
function NoCode({ outdated }: { outdated: boolean }): ReactNode {
  const [waiting, setWaiting] = useState(false);
  const retry = async (): Promise<void> => {
    setWaiting(true);
    const back = await serverAnswers();
    setWaiting(false);
    // Browsers remember code that they could not load; the address holds all of the page's state.
    if (back) window.location.reload();
  };
  useReturn(() => void (outdated || retry()));
  return (
    <div role="alert" className="flex flex-col items-start gap-2 px-4 py-6">
      <p className="flex items-center gap-2 font-medium text-bad">
        <Icon name="warning" /> {words.failed}
      </p>
      <p className="text-ink-2">{outdated ? words.outdated : problems.unreachable}</p>
      {outdated ? (
        <Button onClick={() => window.location.reload()}>{words.reload}</Button>
      ) : (
        <Button disabled={waiting} onClick={() => void retry()}>
          {words.retry}
        </Button>
      )}
    </div>
  );
}

/** Shown at an address that has no page. */
export function PageMissing(): ReactNode {
  return (
    <main
      id="content"
      data-testid="page-missing"
      className="mx-auto mt-16 flex max-w-xl flex-col items-start gap-3 rounded-lg border bg-surface p-6"
    >
      <h1 className="text-base font-semibold">{words.notFound}</h1>
      <p className="text-ink-2">{words.mistyped}</p>
      <Link to="/" className={buttonClass()}>
        {words.toOverview}
      </Link>
    </main>
  );
}
