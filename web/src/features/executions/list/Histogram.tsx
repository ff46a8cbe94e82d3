import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { readHistogram, type ExecutionFilter } from '@/api/executions';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import { QueryContent } from '@/components/QueryContent';
import { ChartSkeleton } from '@/components/states';
import { present } from '@/lib/clock';
import { bucketWord } from '@/lib/granularity';
import { board, executions as words } from '@/words';
import { useZoom } from '../../board/zoom';
import { useMarkers } from '../../markers';
import { useTableSwitch } from '../../tableSwitch';
import type { View } from '../../view';
import { boundsOf, type Reading } from './frame';
import { histogramChart } from './histogram';
import { ExploreLink } from '../../explore/ExploreLink';
import type { Filtered } from './chips';
import { listExplored } from './explored';

const HEIGHT = 132;

/** How many executions match, and when they happened, as of the same moment as the list. */
export function useHistogram(view: View, filter: ExecutionFilter, reading: Reading) {
  const { granularity, zone } = view;
  const { bounds } = reading;
  return useQuery({
    queryKey: ['executions', 'histogram', filter, granularity, bounds],
    queryFn: async ({ signal }) => ({
      histogram: await readHistogram({ ...filter, ...boundsOf(bounds) }, granularity, signal),
      frame: { zone, bounds },
      at: present(),
    }),
    staleTime: Infinity,
    // Those of another project are no placeholder.
    placeholderData: (last, asked) =>
      (asked?.queryKey[2] as ExecutionFilter | undefined)?.projectId === filter.projectId
        ? last
        : undefined,
  });
}

/** When the executions of the list happened, by state. Dragging over it sets the range. */
export function Histogram(props: {
  view: View;
  search: Filtered;
  query: ReturnType<typeof useHistogram>;
}): ReactNode {
  const { query, view } = props;
  const explored = useMemo(
    () => listExplored(props.search, view.granularity),
    [props.search, view.granularity],
  );
  const zoom = useZoom();
  const [asTable, tableSwitch] = useTableSwitch('histogram');
  const { data } = query;
  const chart = useMemo(() => data && histogramChart(data.histogram, data.frame, data.at), [data]);
  const markers = useMarkers(data && view.workflows);
  return (
    <Card
      title={words.list.histogram}
      note={chart && board.per(bucketWord(chart.granularity))}
      testId="histogram"
      actions={
        <>
          {tableSwitch}
          {explored && (
            <ExploreLink title={words.list.histogram} frame={props.view} {...explored} />
          )}
        </>
      }
    >
      <QueryContent
        what={words.list.histogramOf}
        query={query}
        skeleton={<ChartSkeleton height={HEIGHT} />}
      >
        {() =>
          chart && (
            <Chart
              label={words.list.histogramOf}
              data={chart}
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
