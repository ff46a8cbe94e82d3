import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore, type ReactNode } from 'react';
import type { Completeness, QueryResult } from '@/api/types';
import { buttonClass } from '@/components/Button';
import { Hint } from '@/components/Hint';
import { Icon } from '@/components/Icon';
import { exact } from '@/lib/format';
import { ago, dateOnly, dateTime } from '@/lib/zone';
import { frame } from '@/words';
import { useLive, type LiveState } from '../live';
import { useSetSearch, useView, type View } from '../view';
import { lateness } from './lateness';

const words = frame.live;
const LIVE_MS = 120_000;
const DAY_MS = 86_400_000;

function newestResponse(
  client: QueryClient,
  projectId: string,
): { completeness: Completeness; at: number } | null {
  let completeness: Completeness | undefined;
  let at = 0;
  for (const query of client.getQueryCache().findAll({ queryKey: ['query', projectId] })) {
    // Some answers, such as that about a service level, do not say how complete the data is.
    const data = query.state.data as Partial<Pick<QueryResult, 'meta'>> | undefined;
    if (data?.meta && query.state.dataUpdatedAt > at) {
      ({ completeness } = data.meta);
      at = query.state.dataUpdatedAt;
    }
  }
  return completeness ? { completeness, at } : null;
}

/** The completeness stated in the newest response to any card, and when that response arrived. */
function useCompleteness(projectId: string): { completeness: Completeness | null; at: number } {
  const client = useQueryClient();
  const subscribe = useCallback(
    (listener: () => void) =>
      client.getQueryCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'success') queueMicrotask(listener);
      }),
    [client],
  );
  const at = useSyncExternalStore(subscribe, () => newestResponse(client, projectId)?.at ?? 0);
  return { completeness: newestResponse(client, projectId)?.completeness ?? null, at };
}

interface State {
  tone: string;
  label: string;
  /** What a phone says, if that is shorter. */
  short?: string;
}

function stateOf(
  view: View,
  live: LiveState,
  completeness: Completeness | null,
  at: number,
): State {
  const stated = completeness?.newestEvent ? Date.parse(completeness.newestEvent) : null;
  const newest = stated ?? view.extent?.newest ?? null;
  if (!view.relative) {
    const label = newest === null ? words.noData : words.until(dateOnly(newest, view.zone));
    return { tone: 'bg-canceled', label };
  }
  if (!view.live) return { tone: 'bg-canceled', label: words.paused };
  if (live.state === 'waiting') return { tone: 'bg-waiting', label: words.reconnecting };
  if (newest === null) return { tone: 'bg-canceled', label: words.noData };
  const lag = Math.max(0, at - newest);
  if (lag < LIVE_MS) return { tone: 'bg-completed', label: words.live };
  if (lag > 100 * DAY_MS) {
    return { tone: 'bg-waiting', label: words.newest(dateOnly(newest, view.zone)) };
  }
  return { tone: 'bg-waiting', ...lateness(lag) };
}

/** How fresh the figures are. For a relative range, the button pauses and resumes refreshing. */
export function Live(): ReactNode {
  const view = useView();
  const setSearch = useSetSearch();
  const { completeness, at } = useCompleteness(view.project.id);
  const live = useLive();
  const state = stateOf(view, live, completeness, at || view.now);
  const dot = <Dot tone={state.tone} updatedAt={live.updatedAt} />;
  const label = (
    <>
      <span className="truncate max-sm:hidden">{state.label}</span>
      <span className="max-w-20 truncate sm:hidden">{state.short ?? state.label}</span>
    </>
  );
  const hint = <Sources view={view} live={live} completeness={completeness} at={at} />;
  if (!view.relative) {
    return (
      <Hint text={hint}>
        <button
          type="button"
          data-testid="live"
          className={`${buttonClass('quiet')} cursor-default max-sm:gap-1 max-sm:px-1`}
        >
          {dot} {label}
        </button>
      </Hint>
    );
  }
  return (
    <Hint text={hint}>
      <button
        type="button"
        data-testid="live"
        data-stream={live.state}
        aria-label={view.live ? words.pause(state.label) : words.resume(state.label)}
        className={`${buttonClass('quiet')} max-sm:gap-1 max-sm:px-1`}
        onClick={() => setSearch({ live: view.live ? 'off' : undefined }, { replace: true })}
      >
        {dot} {label} <Icon name={view.live ? 'pause' : 'play'} size={12} />
      </button>
    </Hint>
  );
}

/** The dot; a ring spreads from it on every update. */
function Dot({ tone, updatedAt }: { tone: string; updatedAt: number }): ReactNode {
  return (
    <span aria-hidden="true" className="relative size-2 shrink-0">
      {updatedAt > 0 && (
        <span key={updatedAt} className={`live-ring absolute inset-0 rounded-full ${tone}`} />
      )}
      <span className={`absolute inset-0 rounded-full ${tone}`} />
    </span>
  );
}

/** How many events a source has sent, and when the newest was. */
function sourceWords(source: Completeness['sources'][number], zone: string, at: number): string {
  const events = exact(source.events);
  if (!source.newestEvent) return words.source(source.source, events);
  const newest = Date.parse(source.newestEvent);
  return words.sourceSince(source.source, events, ago(newest, at, zone), dateTime(newest, zone));
}

function Sources(props: {
  view: View;
  live: LiveState;
  completeness: Completeness | null;
  at: number;
}): ReactNode {
  const { view, live, completeness, at } = props;
  const sources = completeness?.sources ?? [];
  return (
    <div className="flex flex-col gap-1">
      {view.relative && <p>{view.live ? words.following[live.state] : words.isPaused}</p>}
      {sources.map((source) => (
        <p key={source.source} className="text-ink-2">
          {sourceWords(source, view.zone, at)}
        </p>
      ))}
      {sources.length === 0 && <p className="text-ink-2">{words.noSource}</p>}
    </div>
  );
}
