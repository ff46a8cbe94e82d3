import { useMemo, type ReactNode } from 'react';
import type { Granularity } from '@/api/types';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { compact, exact } from '@/lib/format';
import { bucketEnd, bucketName } from '@/lib/granularity';
import { busiestGranularity } from '../cardQueries';
import { startOfDay } from '@/lib/zone';
import { board } from '@/words';
import { useCounted } from '../executionsLink';
import { FigureLink } from '../FigureLink';
import { numberOf } from '../rows';
import type { CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { Calendar } from './Calendar';
import { completeUntil } from './series';
import { useRangeLink } from './zoom';
import { ExploreLink } from '../explore/ExploreLink';

const words = board.busiest;

interface Period {
  start: number;
  executions: number;
  steps: number;
  activities: number;
  /** Whether events of the period are still to come. */
  open: boolean;
  /** Whether its time is over, so that what is to come arrives late. */
  over: boolean;
}

/** The buckets of a result, summed where they are shorter than the wanted periods (hours of days). */
export function periodsOf(result: Answer, granularity: Granularity): Period[] {
  const { zone } = result.frame;
  const until = completeUntil(result);
  const whole = granularity !== 'day' || result.query.granularity === 'day';
  const periods = new Map<number, Period>();
  for (const row of result.rows) {
    const time = Date.parse(String(row.time));
    const start = whole ? time : startOfDay(time, zone);
    const end = bucketEnd(start, granularity, zone);
    // Nothing is known about the time before the first event.
    if (end <= (result.frame.extent?.first ?? start)) continue;
    const [open, over] = [end > until, end <= result.at];
    const sum = periods.get(start) ?? { start, executions: 0, steps: 0, activities: 0, open, over };
    sum.executions += numberOf(row, 'executions') ?? 0;
    sum.steps += numberOf(row, 'steps') ?? 0;
    sum.activities += numberOf(row, 'activities') ?? 0;
    periods.set(start, sum);
  }
  return [...periods.values()];
}

/** What the periods have, in their length. */
const loadQuery = (granularity: Granularity): CardQuery => ({
  metrics: ['executions', 'steps', 'activities'],
  granularity,
});

type Load = keyof typeof words.by;

/** What counts as load: activities or steps, whichever there are more of; executions if there are neither. */
function loadOf(periods: Period[]): Load {
  const total = (load: Load): number => periods.reduce((sum, period) => sum + period[load], 0);
  const [activities, steps] = [total('activities'), total('steps')];
  if (activities + steps === 0) return 'executions';
  return activities > steps ? 'activities' : 'steps';
}

/** With fewer rows, a card as high as its neighbour would be mostly empty. */
const FEW = 7;

/**
 * A calendar of few weeks stands beside the table where there is room, and otherwise above fewer of its rows. It shows
 * what the bars of the table would.
 */
const BESIDE = {
  weeks: 8,
  columns: '@xl:flex @xl:items-start',
  rows: '@max-xl:[&_tbody_tr:nth-child(n+6)]:hidden',
};

/** The days (or hours or minutes of a short range) with the most work; each one sets the range to itself. */
export function Busiest(props: { view: View; query: QueryState<Answer> }): ReactNode {
  const { data } = props.query;
  // Until the first answer there is only the question to name the card by.
  const granularity = busiestGranularity(data?.frame ?? props.view);
  const periods = useMemo(() => (data ? periodsOf(data, granularity) : []), [data, granularity]);
  const load = loadOf(periods);
  const title = words.titles[granularity];
  const few = data !== undefined && periods.filter((period) => period[load] > 0).length < FEW;
  return (
    <Card
      title={title}
      note={data && words.by[load]}
      testId="busiest"
      actions={<ExploreLink title={title} frame={data?.frame} query={loadQuery(granularity)} />}
      // With few rows it is as high as they are, whatever stands beside it.
      className={`col-span-full xl:col-span-6 ${few ? 'self-start' : ''}`}
    >
      <QueryContent what={title} query={props.query} skeleton={<TableSkeleton rows={8} />}>
        {(answer) => (
          <Periods answer={answer} granularity={granularity} periods={periods} load={load} />
        )}
      </QueryContent>
    </Card>
  );
}

const barOf = (load: Load, top: number): Column<Period> => ({
  id: 'bar',
  header: '',
  className: 'w-1/4',
  wideOnly: true,
  cell: (period) => <InlineBar share={period[load] / top} />,
});

function Periods(props: {
  answer: Answer;
  granularity: Granularity;
  periods: Period[];
  load: Load;
}): ReactNode {
  const { answer, granularity, periods, load } = props;
  const { zone } = answer.frame;
  const counted = useCounted(answer);
  const rangeLink = useRangeLink();
  const busy = periods.filter((period) => period[load] > 0).sort((a, b) => b[load] - a[load]);
  const top = busy[0]?.[load] ?? 1;
  const weeks = granularity === 'day' ? periods.length / 7 : 0;
  const beside = weeks > 3 && weeks <= BESIDE.weeks;
  const linkTo = (start: number) =>
    rangeLink({ kind: 'absolute', from: start, to: bucketEnd(start, granularity, zone) });
  const count = (id: Load, header: string): Column<Period> => ({
    id,
    header,
    numeric: true,
    cell: (period) => compact(period[id]),
    exact: (period) => exact(period[id]),
  });
  const columns: Column<Period>[] = [
    {
      id: 'start',
      header: granularity === 'day' ? words.day : words.from,
      cell: (period) => (
        <span className="whitespace-nowrap">
          <a className="after:absolute after:inset-0 hover:underline" {...linkTo(period.start)}>
            {bucketName(period.start, granularity, zone)}
          </a>
          {period.open && (
            <span className="text-xs text-warn">
              {period.over ? words.incomplete : words.soFar}
            </span>
          )}
        </span>
      ),
    },
    ...(beside ? [] : [barOf(load, top)]),
    {
      ...count('executions', words.executions),
      cell: ({ start, executions }) => (
        <FigureLink
          view={counted}
          filters={{ during: { from: start, to: bucketEnd(start, granularity, zone) } }}
        >
          {compact(executions)}
        </FigureLink>
      ),
    },
    count('steps', words.steps),
    count('activities', words.activities),
  ];
  if (busy.length === 0) return <EmptyNote>{words.nothing}</EmptyNote>;
  return (
    <div className={`@container ${beside ? BESIDE.rows : ''}`}>
      <div className={beside ? BESIDE.columns : ''}>
        {granularity === 'day' && (
          <Calendar
            days={periods.map((period) => ({ start: period.start, load: period[load] }))}
            zone={zone}
            what={load}
            linkTo={linkTo}
          />
        )}
        <div className="min-w-0 flex-1">
          <DataTable
            label={words.titles[granularity]}
            columns={columns}
            rows={busy}
            sort={{ by: load, direction: 'desc' }}
            rowKey={(period) => String(period.start)}
            limit={weeks > 3 && !beside ? 5 : 10}
          />
        </div>
      </div>
    </div>
  );
}
