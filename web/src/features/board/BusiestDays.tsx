import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import type { QueryResult } from '@/api/types';
import { Answer, Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Nothing, TableSkeleton } from '@/components/states';
import { compact, exact } from '@/lib/format';
import { bucketName } from '@/lib/granularity';
import { startOfDay } from '@/lib/zone';
import { numberOf } from '../rows';
import { useSetRange, type View } from '../view';
import { Calendar } from './Calendar';

interface Day {
  start: number;
  executions: number;
  steps: number;
  activities: number;
}

function daysOf(result: QueryResult): Day[] {
  return result.rows.map((row) => ({
    start: Date.parse(String(row.time)),
    executions: numberOf(row, 'executions') ?? 0,
    steps: numberOf(row, 'steps') ?? 0,
    activities: numberOf(row, 'activities') ?? 0,
  }));
}

/** What counts as busy: activities where there are any, else steps, else executions. */
function loadOf(days: Day[]): 'activities' | 'steps' | 'executions' {
  if (days.some((day) => day.activities > 0)) return 'activities';
  return days.some((day) => day.steps > 0) ? 'steps' : 'executions';
}

/** The days with most work, each a link to itself. */
export function BusiestDays(props: { view: View; query: UseQueryResult<QueryResult> }): ReactNode {
  return (
    <Card title="Busiest days" testId="busiest-days" className="col-span-full xl:col-span-7">
      <Answer what="Busiest days" query={props.query} skeleton={<TableSkeleton rows={8} />}>
        {(result) => <Days view={props.view} result={result} />}
      </Answer>
    </Card>
  );
}

function Days({ view, result }: { view: View; result: QueryResult }): ReactNode {
  const setRange = useSetRange();
  const days = useMemo(() => daysOf(result), [result]);
  const load = loadOf(days);
  const busy = days.filter((day) => day[load] > 0).sort((a, b) => b[load] - a[load]);
  const top = busy[0]?.[load] ?? 1;
  const pick = (start: number): void =>
    setRange(
      { kind: 'absolute', from: start, to: startOfDay(start, view.zone, 1) },
      { zoomed: true },
    );
  const count = (id: 'executions' | 'steps' | 'activities', header: string): Column<Day> => ({
    id,
    header,
    numeric: true,
    cell: (day) => compact(day[id]),
    exact: (day) => exact(day[id]),
  });
  const columns: Column<Day>[] = [
    {
      id: 'day',
      header: 'Day',
      cell: (day) => (
        <button
          type="button"
          className="whitespace-nowrap hover:underline"
          onClick={() => pick(day.start)}
        >
          {bucketName(day.start, 'day', view.zone)}
        </button>
      ),
    },
    {
      id: 'bar',
      header: '',
      className: 'w-1/4',
      wideOnly: true,
      cell: (day) => <InlineBar share={day[load] / top} />,
    },
    count('executions', 'Executions'),
    count('steps', 'Steps'),
    count('activities', 'Activities'),
  ];
  if (busy.length === 0) return <Nothing>Nothing happened in this range.</Nothing>;
  return (
    <>
      <Calendar
        days={days.map((day) => ({ start: day.start, load: day[load] }))}
        zone={view.zone}
        what={load}
        onPick={pick}
      />
      <DataTable
        label="Busiest days"
        columns={columns}
        rows={busy}
        rowKey={(day) => String(day.start)}
        most={5}
      />
    </>
  );
}
