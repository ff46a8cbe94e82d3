import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { mayPass } from '@/api/client';
import type { StreamState } from '@/api/stream';

/** How often a page without a live stream tries again what the server could not answer. */
const TRY_AGAIN_MS = 10_000;

/** Asks again what the server could not answer; what it refused stays refused. */
export function askAgain(client: QueryClient): Promise<void> {
  return client.refetchQueries(
    { type: 'active', predicate: ({ state }) => state.error !== null && mayPass(state.error) },
    { cancelRefetch: false },
  );
}

/**
 * Runs `retry` when the server may answer again: when the live stream opens or, on a page without one, at intervals
 * while the page is visible.
 */
export function useRecovery(stream: StreamState, retry: () => void): void {
  const latest = useRef(retry);
  useEffect(() => {
    latest.current = retry;
  });
  useEffect(() => {
    if (stream === 'open') latest.current();
    if (stream !== 'closed') return;
    const timer = setInterval(() => {
      if (!document.hidden) latest.current();
    }, TRY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [stream]);
}

/** Asks again for the figures of the page that the server could not answer, once it may. */
export function useAskAgain(stream: StreamState): void {
  const client = useQueryClient();
  useRecovery(stream, () => void askAgain(client));
}
