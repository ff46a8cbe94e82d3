import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { serverQuery, type ServerReport } from '@/api/server';
import { Button } from '@/components/Button';
import { QueryContent } from '@/components/QueryContent';
import { ChartSkeleton, Skeleton, TableSkeleton } from '@/components/states';
import { dateOnly } from '@/lib/zone';
import { server as words } from '@/words';
import { useSetTab } from '../../read';
import { Days } from './Days';
import { Levels } from './Levels';
import { Organisations } from './Organisations';
import { DAYS, USUAL_DAYS, type ServerSearch } from './search';
import { firstNoted } from './series';
import { State } from './State';
import { Storage } from './Storage';
import { Use } from './Use';

/** How the server fares, over all organisations and without their contents. */
export function Server(): ReactNode {
  const search: ServerSearch = useSearch({ from: '/frame/settings/server' });
  const days = Number(search.days ?? USUAL_DAYS);
  const query = useQuery(serverQuery(days));
  return (
    <>
      <Choice days={days} report={query.data} />
      <QueryContent what={words.what} query={query} skeleton={<PageSkeleton />}>
        {(report) => (
          <div className="flex flex-col gap-4" data-testid="server">
            <State report={report} />
            <Levels levels={report.levels} />
            <Storage report={report} />
            <Days report={report} />
            <Organisations report={report} />
            <Use report={report} />
          </div>
        )}
      </QueryContent>
    </>
  );
}

/** How many days the figures are of, and how far back there are any. */
function Choice(props: { days: number; report: ServerReport | undefined }): ReactNode {
  const set = useSetTab<ServerSearch>();
  const since = props.report ? firstNoted(props.report) : null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <div role="group" aria-label={words.days} className="flex flex-wrap gap-1">
        {DAYS.map((days) => (
          <Button
            key={days}
            kind="quiet"
            aria-pressed={props.days === days}
            onClick={() => set({ days: days === USUAL_DAYS ? undefined : String(days) })}
          >
            {words.lastDays(days)}
          </Button>
        ))}
      </div>
      <p className="text-xs text-ink-3">
        {words.utc} {since !== null && words.since(dateOnly(since, 'UTC'))}
      </p>
    </div>
  );
}

function PageSkeleton(): ReactNode {
  const card = 'rounded-lg border bg-surface pt-11';
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-5 w-96 max-w-full" />
      <div className={card}>
        <TableSkeleton rows={5} />
      </div>
      <div className={card}>
        <ChartSkeleton headed height={200} />
      </div>
    </div>
  );
}
