import { useMemo, type ReactNode } from 'react';
import { Answer, Card } from '@/components/Card';
import { Chart, useTableSwitch } from '@/components/chart';
import { ChartSkeleton, Nothing } from '@/components/states';
import { bucketWord } from '@/lib/granularity';
import { errorSeriesAsk } from '../asks';
import { chartData, errorSeries, sumOf } from '../board/series';
import { useZoom } from '../board/zoom';
import { useAsk, type View } from '../view';

const HEIGHT = 220;

/** The errors of one group over time. */
export function ErrorsOverTime({ view, id }: { view: View; id: string }): ReactNode {
  const query = useAsk(view, errorSeriesAsk(view, id), true, 'later');
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
      <Answer what="Errors over time" query={query} skeleton={<ChartSkeleton height={HEIGHT} />}>
        {(answer) =>
          !data || (!answer.comparison && sumOf(answer, 'errors') === 0) ? (
            <Nothing>None in this range.</Nothing>
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
      </Answer>
    </Card>
  );
}
