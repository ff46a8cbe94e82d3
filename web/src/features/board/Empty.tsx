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
import { board } from '@/words';
import { hasEvents } from '../rows';
import { usePermission } from '../session';
import { tryCommand } from '../settings/keys/command';
import { useSetRange, useSetSearch, type View } from '../view';
import { Name } from '@/components/Name';

const words = board.noData;
const YEAR_MS = 365 * 86_400_000;

/** The command that sends a first event; without a whole key, the reader puts theirs in. */
function command(view: View, made: string | null): string {
  const prefix = view.project.ingestKeyPrefix;
  const key = made ?? (prefix ? `${prefix}…` : words.yourKey);
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
        name: words.key,
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
      <h1 className="text-base font-semibold">{words.title(<Name of={view.project.name} />)}</h1>
      <p className="text-ink-2">{words.about}</p>
      {made !== null && <Notice tone="warn">{words.made(words.key)}</Notice>}
      <CopyText label={words.command} testId="first-event" text={command(view, made)} />
      {allowed && made === null && (
        <div className="flex flex-wrap items-center gap-3">
          <Button kind="primary" disabled={key.isPending} onClick={() => key.mutate()}>
            <Icon name="key" size={14} /> {words.create}
          </Button>
          <span className="text-xs text-ink-3">{words.createHint}</span>
        </div>
      )}
      {key.isError && <Notice tone="bad">{problemMessage(asProblem(key.error))}</Notice>}
      <p className="text-ink-2">
        {allowed ? words.keysAreUnder(<KeysLink />) : words.putIn}{' '}
        {words.logFile(<code className="font-mono">{words.importCommand}</code>)}
      </p>
      <p role="status" className="text-xs text-ink-3">
        {words.waiting}
      </p>
    </section>
  );
}

function KeysLink(): ReactNode {
  return (
    <Link
      to="/settings/keys"
      search={(previous) => frameOf(previous)}
      className="text-accent hover:underline"
    >
      {words.keysPage}
    </Link>
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
  const says = board.outOfRange;
  const range = rangeLabel(frame.range, frame.zone);
  const narrowed = view.workflows.length > 0 || view.env !== undefined;
  return (
    <div
      role="status"
      data-testid="out-of-range"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-accent/40 bg-accent-soft px-4 py-2.5"
    >
      <p className="min-w-0 flex-1">
        {narrowed
          ? says.filtered(range)
          : subject
            ? says.of(<Name of={subject} />, range)
            : says.none(range)}
        {says.extent(
          <Name of={view.project.name} />,
          <strong>{dateOnly(view.extent.first, view.zone)}</strong>,
          <strong>{dateOnly(view.extent.newest, view.zone)}</strong>,
        )}
      </p>
      {narrowed && (
        <Button onClick={() => setSearch({ workflow: undefined, env: undefined })}>
          {says.clear}
        </Button>
      )}
      {frame.range.kind !== 'all' && (
        <Button kind="primary" onClick={() => setRange({ kind: 'all' })}>
          {says.showAll}
        </Button>
      )}
    </div>
  );
}
