import { useCallback, useMemo, type ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import type { Comparability } from '@/components/Delta';
import type { QueryState } from '@/components/QueryContent';
import type { Answer } from '@/lib/answer';
import { board as words } from '@/words';
import { ChartCard } from '../ChartCard';
import { useFigure } from './figure';
import { useMetricInfo } from './metrics';
import { OverlayPicker, useOverlay } from './overlay';
import { chartData, figureSeries } from './series';
import { ExecutionsOverTime, perBucket } from './TimeCharts';

interface Props {
  series: QueryState<Answer>;
  coverage: Answer | undefined;
}

/** The main chart: executions by status, or the figure of the row that was clicked. */
export function MainChart(props: Props): ReactNode {
  const { figure } = useFigure();
  const info = useMetricInfo();
  if (figure === 'executions') return <ExecutionsOverTime {...props} />;
  return <FigureOverTime key={figure} {...props} metric={info(figure)} />;
}

function FigureOverTime(props: Props & { metric: MetricInfo }): ReactNode {
  const { series, metric } = props;
  const overlaid = useOverlay(metric.unit, metric.name);
  const chart = useCallback(
    (answer: Answer, comparable: Comparability | undefined) =>
      overlaid(chartData(answer, metric.unit, figureSeries(answer, metric, comparable)), answer),
    [metric, overlaid],
  );
  const explore = useMemo(() => ({ query: { metrics: [metric.name] } }), [metric.name]);
  return (
    <ChartCard
      id="figure"
      title={metric.label}
      label={words.overTime(metric.label)}
      note={perBucket(series.data)}
      about={metric.description}
      empty={words.noFigure}
      query={series}
      coverage={props.coverage}
      chart={chart}
      explore={explore}
      logAxis={metric.unit === 'milliseconds'}
      actions={<OverlayPicker unit={metric.unit} main={metric.name} />}
      testId="figure-chart"
      className="col-span-full xl:col-span-7"
    />
  );
}
