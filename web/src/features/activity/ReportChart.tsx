import { useMemo, type ReactNode } from 'react';
import type { Completeness } from '@/api/types';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import { ExportMenu } from '@/components/chart/ExportMenu';
import { Legend } from '@/components/chart/Legend';
import type { ChartData } from '@/components/chart/model';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { bucketWord } from '@/lib/granularity';
import { toggled } from '@/lib/list';
import { board } from '@/words';
import { useZoom } from '../board/zoom';
import { useMarkers } from '../markers';
import { useTableSwitch } from '../tableSwitch';
import { usePageSearch, useSetSearch } from '../view';

const HEIGHT = 240;

/** What a report must have to be drawn over time. */
type Report = Asked & { meta: { completeness: Completeness } };

/** A time chart of a report of the API; what a person sets is in the URL. */
export function ReportChart<T extends Report>(props: {
  /** Names the chart in the URL, where it is a table. */
  id: string;
  title: string;
  /** What the chart shows, for readers who do not see it. */
  label: string;
  empty: string;
  query: QueryState<T>;
  /** Lays a report out as a chart; the same function until the drawing changes. */
  chart: (report: T) => ChartData;
  className?: string;
  testId?: string;
}): ReactNode {
  const { query, chart } = props;
  const { hide } = usePageSearch();
  const setSearch = useSetSearch();
  const [asTable, tableSwitch] = useTableSwitch(props.id);
  const zoom = useZoom();
  const report = query.data;
  const markers = useMarkers(report?.frame.workflows);
  const whole = useMemo(() => report && chart(report), [report, chart]);
  const data = useMemo(
    () => whole && { ...whole, series: whole.series.filter(({ id }) => !hide?.includes(id)) },
    [whole, hide],
  );
  const drawable =
    whole !== undefined && whole.series.some(({ values }) => values.some((value) => value));
  return (
    <Card
      title={props.title}
      note={whole && board.per(bucketWord(whole.granularity))}
      className={props.className}
      testId={props.testId}
      actions={
        <>
          {tableSwitch}
          {data && drawable && (
            <ExportMenu title={props.title} data={data} markers={markers} log={false} />
          )}
        </>
      }
    >
      <QueryContent
        what={props.title}
        query={query}
        skeleton={<ChartSkeleton headed height={HEIGHT} />}
      >
        {() =>
          whole && data && drawable ? (
            <>
              <div className="flex min-h-7 items-center px-2.5 max-md:min-h-11 max-md:overflow-x-auto">
                <Legend
                  data={whole}
                  hidden={hide ?? []}
                  onToggle={(id) => setSearch({ hide: toggled(hide, id) }, { replace: true })}
                />
              </div>
              <div className="mt-auto">
                <Chart
                  label={props.label}
                  data={data}
                  height={HEIGHT}
                  markers={markers}
                  asTable={asTable}
                  onZoom={zoom.zoomIn}
                  onZoomBack={zoom.zoomOut}
                />
              </div>
            </>
          ) : (
            <EmptyNote>{props.empty}</EmptyNote>
          )
        }
      </QueryContent>
    </Card>
  );
}
