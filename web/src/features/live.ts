import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { pace } from '@/api/pace';
import { sessionQuery } from '@/api/session';
import { LiveStream, type StreamState } from '@/api/stream';
import type { View } from './view';

/** How the page hears of news, and when it last did. */
export interface LiveState {
  state: StreamState;
  /** Epoch milliseconds of the last news; 0 before the first. */
  newsAt: number;
}

const CLOSED: LiveState = { state: 'closed', newsAt: 0 };
/** Tables that explain the figures follow at most this often. */
const LEISURE_MS = 30_000;
/** Figures of this age were asked for together with the stream. */
const FRESH_MS = 3_000;

export const LiveContext = createContext<LiveState>(CLOSED);

/** The page's stream of news. */
export const useLive = (): LiveState => useContext(LiveContext);

/** The stream of what a view shows; null where it shows a past that does not change. */
export function streamUrl(view: View, workflow: string | undefined): string | null {
  if (view.range.kind === 'absolute' || !view.live) return null;
  const parameters = new URLSearchParams({
    projectId: view.project.id,
    events: 'counts.update',
    timezone: view.zone,
  });
  if (view.range.kind === 'last') parameters.set('last', view.range.last);
  if (view.env) parameters.set('environment', view.env);
  if (workflow) parameters.set('workflowId', workflow);
  const tenant = encodeURIComponent(view.project.tenant.id);
  return `/api/v1/sse/counts/${tenant}?${parameters.toString()}`;
}

/** Calls `work` at once, and again after the calm (milliseconds) if it was wanted meanwhile. */
export function calmly(
  work: () => void,
  calm: () => number,
): { ask: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted = false;
  const run = (): void => {
    wanted = false;
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (wanted) run();
    }, calm());
  };
  const ask = (): void => {
    wanted = true;
    if (timer === undefined) run();
  };
  return { ask, stop: () => clearTimeout(timer) };
}

/** Whether a figure on the page is older than a page takes to load. */
function stale(client: QueryClient, projectId: string): boolean {
  const shown = client.getQueryCache().findAll({ queryKey: ['query', projectId], type: 'active' });
  return shown.some(({ state }) => state.data && Date.now() - state.dataUpdatedAt > FRESH_MS);
}

/**
 * Follows what a view shows: its figures are asked again when something was committed. A page that nobody sees
 * follows nothing, and catches up when it is looked at.
 */
export function useLiveStream(view: View, workflow: string | undefined): LiveState {
  const client = useQueryClient();
  const url = streamUrl(view, workflow);
  const projectId = view.project.id;
  const growing = view.range.kind === 'all' || view.extent === null;
  const [live, setLive] = useState<LiveState>(CLOSED);
  const paused = useRef(false);
  useEffect(() => {
    const resumed = paused.current;
    paused.current = url === null;
    if (url === null) return;
    const again = (wanted: (query: Query) => boolean): void =>
      void client.invalidateQueries(
        { queryKey: ['query', projectId], predicate: wanted },
        { cancelRefetch: false },
      );
    const soon = calmly(
      () => {
        setLive((before) => ({ ...before, newsAt: Date.now() }));
        again((query) => query.meta?.refreshed !== 'at leisure');
        // The session knows from when to when there is data.
        if (growing) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      },
      () => pace.calm,
    );
    const later = calmly(
      () => again((query) => query.meta?.refreshed === 'at leisure'),
      () => Math.max(LEISURE_MS, pace.calm),
    );
    const refresh = (): void => {
      soon.ask();
      later.ask();
    };
    // What is told first is what the page has just asked for, unless it was paused or hidden meanwhile.
    let first = true;
    const onNews = (): void => {
      if (!first || resumed || stale(client, projectId)) refresh();
      first = false;
    };
    const onState = (state: StreamState): void => setLive((before) => ({ ...before, state }));
    const stream = new LiveStream({
      url,
      events: ['counts.update'],
      onNews,
      onState,
    });
    const look = (): void => {
      if (document.hidden) return stream.close();
      stream.start();
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      soon.stop();
      later.stop();
      stream.close();
    };
  }, [client, url, projectId, growing]);
  return url === null ? CLOSED : live;
}
