import type { ReactNode } from 'react';
import type { Comparability } from '@/components/Delta';
import type { ChartData } from '@/components/chart/model';
import type { Answer } from '@/lib/answer';
import { errors as words } from '@/words';
import { chartData, errorSeries } from '../board/series';
import { perBucket } from '../board/TimeCharts';
import { errorSeriesQuery } from '../cardQueries';
import { ChartCard } from '../ChartCard';
import { useCardQuery } from '../useCardQuery';
import type { View } from '../view';

const HEIGHT = 220;

const chart = (answer: Answer, comparable: Comparability | undefined): ChartData =>
  chartData(answer, 'count', errorSeries(answer, comparable));

/** The errors of a view over time, or only those of one group. */
export function ErrorsOverTime(props: {
  view: View;
  group?: string;
  /** What the chart shows, for those who cannot see it. */
  label: string;
  coverage: Answer | undefined;
  height?: number;
}): ReactNode {
  const { view, group } = props;
  const query = useCardQuery(view, errorSeriesQuery(view, group), true, 'later');
  return (
    <ChartCard
      id="errors"
      title={words.overTime.title}
      label={props.label}
      note={perBucket(query.data)}
      empty={words.overTime.empty}
      query={query}
      coverage={props.coverage}
      chart={chart}
      explore={{ query: errorSeriesQuery(view, group) }}
      height={props.height ?? HEIGHT}
      testId="errors-chart"
      className="col-span-full xl:col-span-7"
    />
  );
}
