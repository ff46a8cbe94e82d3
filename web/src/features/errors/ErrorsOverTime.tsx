import { useMemo, type ReactNode } from 'react';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import { QueryContent } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { errorSeriesQuery } from '../cardQueries';
import { chartData, errorSeries, sumOf } from '../board/series';
import { ComparisonKey, perBucket } from '../board/TimeCharts';
import { useZoom } from '../board/zoom';
import { useComparability } from '../coverage';
import { useMarkers } from '../markers';
import { useTableSwitch } from '../tableSwitch';
import { useCardQuery } from '../useCardQuery';
import { type View } from '../view';

const HEIGHT = 220;

/** The errors of one group over time. */
export function ErrorsOverTime(props: {
  view: View;
  id: string;
  coverage: Answer | undefined;
}): ReactNode {
  const { view, id, coverage } = props;
  const query = useCardQuery(view, errorSeriesQuery(view, id), true, 'later');
  const [asTable, tableSwitch] = useTableSwitch('errors');
  const zoom = useZoom();
  const markers = useMarkers(query.data?.frame.workflows);
  const result = query.data;
  const comparable = useComparability(coverage, result?.query.range);
  const data = useMemo(
    () => result && chartData(result, 'count', errorSeries(result, comparable)),
    [result, comparable],
  );
  return (
    <Card
      title="Errors"
      note={perBucket(result)}
      testId="errors-chart"
      className="col-span-full xl:col-span-7"
      actions={
        <>
          {result?.comparison && <ComparisonKey result={result} comparable={comparable} />}
          {tableSwitch}
        </>
      }
    >
      <QueryContent
        what="Errors over time"
        query={query}
        skeleton={<ChartSkeleton height={HEIGHT} />}
      >
        {(loaded) =>
          !data || (!loaded.comparison && sumOf(loaded, 'errors') === 0) ? (
            <EmptyNote>None in this range.</EmptyNote>
          ) : (
            <Chart
              label="Errors of this group over time"
              data={data}
              height={HEIGHT}
              markers={markers}
              asTable={asTable}
              onZoom={zoom.zoomIn}
              onZoomBack={zoom.zoomOut}
            />
          )
        }
      </QueryContent>
    </Card>
  );
}
