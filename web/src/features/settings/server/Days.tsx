import type { ReactNode } from 'react';
import type { ServerReport } from '@/api/server';
import { server as words } from '@/words';
import { DayChart } from './DayChart';
import { eventSeries, requestSeries, troubleSeries } from './series';

const SAID = words.charts;

/** What the server did on each day. */
export function Days({ report }: { report: ServerReport }): ReactNode {
  const noted = report.days.length > 0;
  return (
    <>
      <DayChart id="events" title={SAID.events} report={report} chart={eventSeries} />
      <DayChart
        id="requests"
        title={SAID.requests}
        note={SAID.requestsNote}
        report={report}
        chart={requestSeries}
      />
      <DayChart
        id="trouble"
        title={SAID.trouble}
        note={SAID.troubleNote}
        empty={noted ? SAID.noTrouble : SAID.nothing}
        report={report}
        chart={troubleSeries}
      />
    </>
  );
}
