import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { asProblem, problemMessage } from '@/api/client';
import { sessionQuery } from '@/api/session';
import { createKey } from '@/api/settings';
import { Button } from '@/components/Button';
import { CopyText } from '@/components/Copy';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import type { Answer } from '@/lib/answer';
import { rangeLabel } from '@/lib/range';
import { frameOf } from '@/lib/search';
import { dateOnly } from '@/lib/zone';
import { hasEvents } from '../rows';
import { usePermission } from '../session';
import { tryCommand } from '../settings/keys/command';
import { useSetRange, useSetSearch, type View } from '../view';
import { Name } from '@/components/Name';

const YEAR_MS = 365 * 86_400_000;
const KEY_NAME = 'First events';

/** The command that sends a first event; without a whole key, the reader puts theirs in. */
function command(view: View, made: string | null): string {
  const prefix = view.project.ingestKeyPrefix;
  const key = made ?? (prefix ? `${prefix}…` : 'YOUR_INGEST_KEY');
  return tryCommand({ key, scopes: ['ingest'] }, window.location.origin, view.now);
}

/** A project without data: what the page will show, and the command that sends the first event. */
export function NoData({ view }: { view: View }): ReactNode {
  // The session states the extent of each project's data, so polling it finds the first event.
  useQuery({ ...sessionQuery, refetchInterval: 5000 });
  const allowed = usePermission(view.project, 'manage_keys');
  const key = useMutation({
    mutationFn: () =>
      createKey(view.project.id, {
        name: KEY_NAME,
        scopes: ['ingest'],
        environment: view.env,
        expiresAt: new Date(Date.now() + YEAR_MS).toISOString(),
      }),
  });
  const made = key.data?.key ?? null;
  return (
    <section
      data-testid="no-data"
      className="mx-auto mt-8 flex max-w-2xl flex-col gap-3 rounded-lg border bg-surface p-6"
    >
      <h1 className="text-base font-semibold">
        No data in project <Name of={view.project.name} /> yet
      </h1>
      <p className="text-ink-2">
        This page will show executions over time, their durations, the slowest workflows and the
        errors as soon as the first event arrives. Send one:
      </p>
      {made !== null && (
        <Notice tone="warn">
          The command contains the new key “{KEY_NAME}”, which can send events for a year. It is
          shown only here and only once: copy it before you leave this page.
        </Notice>
      )}
      <CopyText label="Command" testId="first-event" text={command(view, made)} />
      {allowed && made === null && (
        <div className="flex flex-wrap items-center gap-3">
          <Button kind="primary" disabled={key.isPending} onClick={() => key.mutate()}>
            <Icon name="key" size={14} /> Create a key and fill it in
          </Button>
          <span className="text-xs text-ink-3">It can only send events to this project.</span>
        </div>
      )}
      {key.isError && <Notice tone="bad">{problemMessage(asProblem(key.error))}</Notice>}
      <p className="text-ink-2">
        {allowed ? (
          <>
            Keys are listed, replaced and revoked under{' '}
            <Link
              to="/settings/keys"
              search={(previous) => frameOf(previous)}
              className="text-accent hover:underline"
            >
              API keys
            </Link>
            .
          </>
        ) : (
          'Put in a key that may send events; an owner or admin can create one.'
        )}{' '}
        To import a log file, run <code className="font-mono">weir import FILE</code>.
      </p>
      <p role="status" className="text-xs text-ink-3">
        This page updates automatically when the first event arrives.
      </p>
    </section>
  );
}

/** Shown for a range without events in a project that has some: says where the data is, and leads there. */
export function OutOfRange(props: {
  view: View;
  headline: Answer | undefined;
  /** What the figures are of, if they are not of the whole project. */
  subject?: string;
}): ReactNode {
  const { view, headline, subject } = props;
  const setRange = useSetRange();
  const setSearch = useSetSearch();
  if (!headline || hasEvents(headline.rows[0]) || !view.extent) return null;
  const { frame } = headline;
  const narrowed = view.workflows.length > 0 || view.env !== undefined;
  return (
    <div
      role="status"
      data-testid="out-of-range"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-accent/40 bg-accent-soft px-4 py-2.5"
    >
      <p className="min-w-0 flex-1">
        {narrowed ? (
          'No events match the filter'
        ) : subject ? (
          <>
            No events of <Name of={subject} />
          </>
        ) : (
          'No events'
        )}{' '}
        in this range ({rangeLabel(frame.range, frame.zone)}). The data in project{' '}
        <Name of={view.project.name} /> runs from{' '}
        <strong>{dateOnly(view.extent.first, view.zone)}</strong> to{' '}
        <strong>{dateOnly(view.extent.newest, view.zone)}</strong>.
      </p>
      {narrowed && (
        <Button onClick={() => setSearch({ workflow: undefined, env: undefined })}>
          Clear filter
        </Button>
      )}
      {frame.range.kind !== 'all' && (
        <Button kind="primary" onClick={() => setRange({ kind: 'all' })}>
          Show all data
        </Button>
      )}
    </div>
  );
}
