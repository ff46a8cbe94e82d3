import type { ActivityReport, EngagementReport } from '@/api/activity';
import type { ChartData, Series } from '@/components/chart/model';
import type { Asked } from '@/lib/answer';
import { activity as words } from '@/words';
import { bucketsOf } from '../board/series';

const SAID = words.users;

/** Daily, weekly and monthly active users over the days of an answer, and the stickiness by the right axis. */
export function activeSeries(report: EngagementReport & Asked): ChartData {
  const { days } = report.actives;
  const line = (id: 'dau' | 'wau' | 'mau', token: string): Series => ({
    id,
    label: SAID.active[id],
    hint: SAID.activeHint[id],
    token,
    kind: 'line',
    values: days.map((day) => day[id]),
  });
  return {
    ...bucketsOf({
      frame: report.frame,
      at: report.at,
      meta: report.meta,
      query: { granularity: 'day' },
      rows: days.map(({ day }) => ({ time: day })),
    }),
    unit: 'count',
    rightUnit: 'percent',
    series: [
      line('dau', '--series-1'),
      line('wau', '--series-2'),
      line('mau', '--series-5'),
      {
        id: 'stickiness',
        label: SAID.stickiness,
        hint: SAID.activeHint.stickiness,
        token: '--series-3',
        kind: 'line',
        axis: 'right',
        values: days.map(({ stickiness }) => stickiness ?? null),
      },
    ],
  };
}

/** The sessions that began in each bucket of an answer. */
export function sessionSeries(
  report: Pick<ActivityReport, 'data' | 'granularity' | 'meta'> & Asked,
): ChartData {
  return {
    ...bucketsOf({
      frame: report.frame,
      at: report.at,
      meta: report.meta,
      query: { granularity: report.granularity },
      rows: report.data.map(({ time }) => ({ time: time ?? null })),
    }),
    unit: 'count',
    series: [
      {
        id: 'sessions',
        label: SAID.sessions,
        token: '--series-1',
        kind: 'bar',
        values: report.data.map(({ sessions }) => sessions),
      },
    ],
  };
}
