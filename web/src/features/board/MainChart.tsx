import { useMemo, type ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { useComparability } from '../coverage';
import { useMarkers } from '../markers';
import { useTableSwitch } from '../tableSwitch';
import { useFigure } from './figure';
import { useMetricInfo } from './metrics';
import { Partial } from './Partial';
import { chartData, figureSeries } from './series';
import { ComparisonKey, ExecutionsOverTime, perBucket } from './TimeCharts';
import { useZoom } from './zoom';

const HEIGHT = 260;

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
  const { series, coverage, metric } = props;
  const [asTable, tableSwitch] = useTableSwitch('figure');
  const zoom = useZoom();
  const markers = useMarkers(series.data?.frame.workflows);
  const result = series.data;
  const comparable = useComparability(coverage, result?.query.range);
  const data = useMemo(
    () => result && chartData(result, metric.unit, figureSeries(result, metric, comparable)),
    [result, metric, comparable],
  );
  const empty = data?.series.every((line) => line.values.every((value) => value === null));
  return (
    <Card
      title={metric.label}
      note={perBucket(result)}
      testId="figure-chart"
      className="col-span-full xl:col-span-7"
      actions={
        <>
          {result && <Partial result={result} />}
          {tableSwitch}
        </>
      }
    >
      <QueryContent
        what={metric.label}
        query={series}
        skeleton={<ChartSkeleton headed height={HEIGHT} />}
      >
        {() =>
          !data || empty ? (
            <EmptyNote>There is no such figure in this range.</EmptyNote>
          ) : (
            <>
              <p className="flex min-h-7 items-center gap-3 px-4 text-xs text-ink-3 max-sm:min-h-14">
                <span className="min-w-0">{metric.description}</span>
                {result?.comparison && <ComparisonKey result={result} comparable={comparable} />}
              </p>
              <div className="mt-auto">
                <Chart
                  label={`${metric.label} over time`}
                  data={data}
                  height={HEIGHT}
                  markers={markers}
                  asTable={asTable}
                  onZoom={zoom.zoomIn}
                  onZoomBack={zoom.zoomOut}
                />
              </div>
            </>
          )
        }
      </QueryContent>
    </Card>
  );
}
