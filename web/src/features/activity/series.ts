import type { ActivityReport, EngagementReport } from '@/api/activity';
import type { ChartData, Series } from '@/components/chart/model';
import type { Asked } from '@/lib/answer';
import { activity as words } from '@/words';
import { bucketsOf, metricSeries, type Timed } from '../board/series';

const SAID = words.users;

/** Daily, weekly and monthly active users over the days of an answer, and the stickiness by the right axis. */
export function activeSeries(report: EngagementReport & Asked): ChartData {
  const answer: Timed = {
    ...report,
    query: { granularity: 'day' },
    rows: report.actives.days.map(({ day, dau, wau, mau, stickiness = null }) => ({
      time: day,
      dau,
      wau,
      mau,
      stickiness,
    })),
  };
  const line = (id: 'dau' | 'wau' | 'mau', token: string): Series => ({
    id,
    label: SAID.active[id],
    hint: SAID.activeHint[id],
    token,
    kind: 'line',
    values: metricSeries(answer, id),
  });
  return {
    ...bucketsOf(answer),
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
        values: metricSeries(answer, 'stickiness'),
      },
    ],
  };
}

/** The sessions that began in each bucket of an answer; those of buckets that have not begun are not known. */
export function sessionSeries(
  report: Pick<ActivityReport, 'data' | 'granularity' | 'meta'> & Asked,
): ChartData {
  const answer: Timed = {
    ...report,
    query: { granularity: report.granularity },
    rows: report.data.map(({ time, ...figures }) => ({ ...figures, time: time ?? null })),
  };
  return {
    ...bucketsOf(answer),
    unit: 'count',
    series: [
      {
        id: 'sessions',
        label: SAID.sessions,
        token: '--series-1',
        kind: 'bar',
        values: metricSeries(answer, 'sessions'),
      },
    ],
  };
}
