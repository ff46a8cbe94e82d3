import { useCallback, type ReactNode } from 'react';
import type { Comparability } from '@/components/Delta';
import type { ChartData } from '@/components/chart/model';
import type { QueryState } from '@/components/QueryContent';
import type { Answer } from '@/lib/answer';
import { bucketWord } from '@/lib/granularity';
import { board as words } from '@/words';
import { ChartCard } from '../ChartCard';
import { OverlayPicker, useOverlay } from './overlay';
import { chartData, durationSeries, statusSeries } from './series';
import { STATUSES } from '@/lib/status';
import type { Explored } from '../explore/query';

interface Props {
  series: QueryState<Answer>;
  coverage: Answer | undefined;
}

/** What the buckets of an answer are called: `per day`. */
export const perBucket = (answer: Answer | undefined): string | undefined =>
  answer?.query.granularity ? words.per(bucketWord(answer.query.granularity)) : undefined;

const noteOf = (answer: Answer | undefined, by: string): string =>
  [perBucket(answer), by].filter(Boolean).join(', ');

const BY_STATUS: Explored = {
  query: { metrics: STATUSES.map(({ metric }) => metric) },
  chart: 'bars',
};
const DURATIONS: Explored = { query: { metrics: ['duration_p95', 'duration_p50'] } };

/** Executions over time, stacked by status. */
export function ExecutionsOverTime({ series, coverage }: Props): ReactNode {
  const overlaid = useOverlay('count', 'executions');
  const chart = useCallback(
    (answer: Answer, comparable: Comparability | undefined) =>
      overlaid(chartData(answer, 'count', statusSeries(answer, [], comparable)), answer),
    [overlaid],
  );
  return (
    <ChartCard
      id="executions"
      title={words.executions.title}
      label={words.executions.label}
      note={noteOf(series.data, words.executions.by)}
      empty={words.executions.empty}
      query={series}
      coverage={coverage}
      chart={chart}
      explore={BY_STATUS}
      actions={<OverlayPicker unit="count" main="executions" />}
      testId="executions-chart"
      className="col-span-full xl:col-span-7"
    />
  );
}

const durations = (answer: Answer, comparable: Comparability | undefined): ChartData =>
  chartData(answer, 'milliseconds', durationSeries(answer, comparable));

/** Typical (p50) and slow (p95) durations over time. */
export function DurationsOverTime({ series, coverage }: Props): ReactNode {
  return (
    <ChartCard
      id="duration"
      title={words.durations.title}
      label={words.durations.label}
      note={noteOf(series.data, words.durations.by)}
      empty={words.durations.empty}
      query={series}
      coverage={coverage}
      chart={durations}
      explore={DURATIONS}
      logAxis
      testId="duration-chart"
      className="col-span-full xl:col-span-5"
    />
  );
}
