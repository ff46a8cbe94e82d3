import { useMemo, type ReactNode } from 'react';
import { Card } from '@/components/Card';
import { Chart, useTableSwitch } from '@/components/chart';
import { QueryContent } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import { bucketWord } from '@/lib/granularity';
import { errorSeriesQuery } from '../cardQueries';
import { chartData, errorSeries, sumOf } from '../board/series';
import { useZoom } from '../board/zoom';
import { useCardQuery } from '../useCardQuery';
import { type View } from '../view';

const HEIGHT = 220;

/** The errors of one group over time. */
export function ErrorsOverTime({ view, id }: { view: View; id: string }): ReactNode {
  const query = useCardQuery(view, errorSeriesQuery(view, id), true, 'later');
  const [asTable, tableSwitch] = useTableSwitch();
  const zoom = useZoom();
  const { data: result, dataUpdatedAt } = query;
  const data = useMemo(
    () => result && chartData(result, view, 'count', errorSeries(result), dataUpdatedAt),
    [result, view, dataUpdatedAt],
  );
  return (
    <Card
      title="Errors"
      note={`per ${bucketWord(view.granularity)}`}
      testId="errors-chart"
      className="col-span-full xl:col-span-7"
      actions={tableSwitch}
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
