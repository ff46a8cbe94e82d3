import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Picker } from '@/components/Picker';
import { QueryContent } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import { exact, figure } from '@/lib/format';
import { activity as words, dates } from '@/words';
import { useTableSwitch } from '../tableSwitch';
import { useCardQuery } from '../useCardQuery';
import type { View } from '../view';
import { useSetTab } from '../read';
import type { UsersSearch } from './search';
import { busiest, byHourOfWeek, countable, MOST_DAYS, type Week } from './week';

const SAID = words.week;
const HEIGHT = 220;
const COUNTS = ['logins', 'activities'] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Logins, or everything that users did, by hour of the week. */
export function HourOfWeek({ view, className }: { view: View; className?: string }): ReactNode {
  const { count = 'logins' } = useSearch({ from: '/frame/board/activity/' });
  const setTab = useSetTab<UsersSearch>();
  const [asTable, tableSwitch] = useTableSwitch('week');
  const { view: counted, cut } = countable(view);
  const query = useCardQuery(counted, { metrics: [...COUNTS], granularity: 'hour' }, true, 'later');
  return (
    <Card
      title={SAID.title[count]}
      note={cut ? SAID.newest(exact(MOST_DAYS)) : SAID.zone(view.zone)}
      testId="hour-of-week"
      className={className}
      actions={
        <>
          <Picker
            label={SAID.count}
            icon="layers"
            text={SAID.counts[count]}
            selected={count}
            options={COUNTS.map((value) => ({ value, label: SAID.counts[value] }))}
            onPick={(value) => setTab({ count: value === 'activities' ? value : undefined })}
            testId="week-count"
          />
          {tableSwitch}
        </>
      }
    >
      <QueryContent
        what={SAID.title[count]}
        query={query}
        skeleton={<ChartSkeleton headed height={HEIGHT} />}
      >
        {(answer) => {
          const week = byHourOfWeek(answer, count);
          const most = busiest(week);
          if (!most) return <EmptyNote>{SAID.nothing[count]}</EmptyNote>;
          return asTable ? (
            <WeekTable week={week} label={SAID.title[count]} />
          ) : (
            <>
              <p className="px-4 pb-2 text-xs text-ink-2" data-testid="busiest-hour">
                {SAID.busiest[count](
                  SAID.days[most.day] ?? '',
                  SAID.hour(most.hour),
                  exact(most.count),
                )}
              </p>
              <Heatmap week={week} most={most.count} label={SAID.title[count]} />
            </>
          );
        }}
      </QueryContent>
    </Card>
  );
}

/** Every hour of the week as a square, darker for more. */
function Heatmap(props: { week: Week; most: number; label: string }): ReactNode {
  return (
    <div className="px-4 pb-3">
      <table
        aria-label={props.label}
        className="w-full table-fixed border-separate border-spacing-0.5 text-2xs text-ink-3"
      >
        <thead>
          <tr>
            <td className="w-8" />
            {HOURS.map((hour) => (
              <th key={hour} scope="col" className="overflow-visible font-normal whitespace-nowrap">
                {/* Room for every third; the others are for readers who do not see the columns. */}
                <span className={hour % 3 === 0 ? '' : 'sr-only'}>{hour}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.week.map((day, index) => (
            <tr key={index}>
              <th scope="row" className="text-left font-normal">
                {dates.weekdays[index]}
              </th>
              {day.map((count, hour) => (
                <td
                  key={hour}
                  title={SAID.cell(SAID.days[index] ?? '', SAID.hour(hour), said(count))}
                  data-count={count ?? undefined}
                  className={`h-6 rounded-sm p-0 ${count === null ? 'hatched-behind opacity-60' : ''}`}
                  style={count === null ? undefined : { background: shade(count / props.most) }}
                >
                  <span className="sr-only">{said(count)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const said = (count: number | null): string => (count === null ? SAID.unknown : exact(count));

/** The colour of a share of the most, 0 to 1; nothing has the colour of an empty place. */
function shade(share: number): string {
  if (share === 0) return 'var(--sunken)';
  return `color-mix(in srgb, var(--series-1) ${Math.round(15 + 85 * share)}%, var(--surface))`;
}

/** The same figures as a table: a row for each hour, because a phone has room for seven columns. */
function WeekTable({ week, label }: { week: Week; label: string }): ReactNode {
  const columns: Column<number>[] = [
    { id: 'hour', header: SAID.hourHeader, cell: (hour) => SAID.hour(hour) },
    ...week.map((day, index): Column<number> => ({
      id: String(index),
      header: dates.weekdays[index] ?? '',
      numeric: true,
      cell: (hour) => figure(day[hour], 'count'),
      exact: (hour) => said(day[hour] ?? null),
    })),
  ];
  return <DataTable label={label} columns={columns} rows={HOURS} rowKey={String} />;
}
