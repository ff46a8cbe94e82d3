import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { pace } from '@/api/pace';
import { sessionQuery } from '@/api/session';
import { LiveStream, type StreamState } from '@/api/stream';
import type { View } from './view';

/** The state of the live stream, and when it last reported an update. */
export interface LiveState {
  state: StreamState;
  /** When the last update arrived (epoch milliseconds); 0 before the first. */
  updatedAt: number;
}

const CLOSED: LiveState = { state: 'closed', updatedAt: 0 };
/** The shortest pause between two refreshes of the tables that explain the figures. */
const TABLES_PAUSE_MS = 30_000;
/** Figures no older than this were loaded together with the stream. */
const FRESH_MS = 3_000;

export const LiveContext = createContext<LiveState>(CLOSED);

/** The state of the page's live stream. */
export const useLive = (): LiveState => useContext(LiveContext);

/** The address of the live stream for a view; null if the view is paused or shows a past that does not change. */
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

/**
 * Runs `work` on request: at once, or after a pause (milliseconds) since the last run. Repeated requests are merged.
 * `rest` starts a pause as if `work` had just run.
 */
export function throttled(
  work: () => void,
  pause: () => number,
): { request: () => void; rest: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let requested = false;
  const rest = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      if (requested) run();
    }, pause());
  };
  const run = (): void => {
    requested = false;
    work();
    rest();
  };
  const request = (): void => {
    requested = true;
    if (timer === undefined) run();
  };
  return { request, rest, stop: () => clearTimeout(timer) };
}

/** Whether a figure on the page is older than the time a page takes to load. */
function stale(client: QueryClient, projectId: string): boolean {
  const shown = client.getQueryCache().findAll({ queryKey: ['query', projectId], type: 'active' });
  return shown.some(({ state }) => state.data && Date.now() - state.dataUpdatedAt > FRESH_MS);
}

/**
 * Follows a view: its figures are fetched again when events are committed. A hidden page does not follow, and catches up
 * when it becomes visible.
 */
export function useLiveStream(view: View, workflow: string | undefined): LiveState {
  const client = useQueryClient();
  const url = streamUrl(view, workflow);
  const projectId = view.project.id;
  const { live: wanted } = view;
  const growing = view.range.kind === 'all' || view.extent === null;
  const [live, setLive] = useState<LiveState>(CLOSED);
  const paused = useRef(false);
  useEffect(() => {
    // A range that does not change has no stream either, but only a pause misses updates.
    const resumed = paused.current;
    paused.current = !wanted;
    if (url === null) return;
    const refetch = (matches: (query: Query) => boolean): void =>
      void client.invalidateQueries(
        { queryKey: ['query', projectId], predicate: matches },
        { cancelRefetch: false },
      );
    const soon = throttled(
      () => {
        setLive((before) => ({ ...before, updatedAt: Date.now() }));
        refetch((query) => query.meta?.refreshed !== 'later');
        // The session states the extent of the data.
        if (growing) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      },
      () => pace.pause,
    );
    const later = throttled(
      () => refetch((query) => query.meta?.refreshed === 'later'),
      () => Math.max(TABLES_PAUSE_MS, pace.pause),
    );
    const refresh = (): void => {
      soon.request();
      later.request();
    };
    // The first update reports what the page has just loaded, unless it was paused or hidden before. Loading counts as
    // a refresh: what follows within the pause waits for its end, so that no card asks twice in a row.
    let first = true;
    const onUpdate = (): void => {
      if (first && !resumed && !stale(client, projectId)) {
        soon.rest();
        later.rest();
      } else refresh();
      first = false;
    };
    const onState = (state: StreamState): void => setLive((before) => ({ ...before, state }));
    const stream = new LiveStream({
      url,
      events: ['counts.update'],
      onUpdate,
      onState,
    });
    const follow = (): void => {
      if (document.hidden) return stream.close();
      stream.start();
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      soon.stop();
      later.stop();
      stream.close();
    };
  }, [client, url, projectId, growing, wanted]);
  return url === null ? CLOSED : live;
}
