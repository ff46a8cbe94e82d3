import { useMemo, type ReactNode } from 'react';
import type { Funnel } from '@/api/workflow';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import type { ChartData, Series } from '@/components/chart/model';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { bucketWord } from '@/lib/granularity';
import { workflow as words } from '@/words';
import { bucketsOf } from '../../board/series';
import { useZoom } from '../../board/zoom';
import { useMarkers } from '../../markers';
import { useTableSwitch } from '../../tableSwitch';

const SAID = words.funnel;
const HEIGHT = 220;

/** What has become of those who were enrolled in each bucket, stacked. */
export function outcomes(funnel: Funnel & Asked): ChartData {
  const { series: points, granularity } = funnel;
  const rows = points.map((point) => ({ time: point.time ?? null }));
  const bars = (
    id: string,
    label: string,
    token: string,
    value: (at: number) => number,
  ): Series => ({
    id,
    label,
    token,
    kind: 'bar',
    values: points.map((_, at) => value(at)),
  });
  const of = (at: number): Funnel['series'][number] => points[at]!;
  return {
    ...bucketsOf({ ...funnel, rows, query: { granularity } }),
    unit: 'count',
    series: [
      bars('converted', SAID.reachedEnd, '--completed', (at) => of(at).converted),
      bars('active', SAID.stillActive, '--started', (at) => of(at).active),
      bars('otherwise', SAID.otherwise, '--series-2', (at) => of(at).finished_otherwise),
      bars('lost', SAID.lostOnes, '--canceled', (at) => {
        const { entered, converted, finished_otherwise, active } = of(at);
        return Math.max(0, entered - converted - finished_otherwise - active);
      }),
    ].filter((series) => series.values.some((value) => value)),
  };
}

/** How enrolments and conversions develop. */
export function EnrolledOverTime({ query }: { query: QueryState<Funnel & Asked> }): ReactNode {
  const [asTable, tableSwitch] = useTableSwitch('funnel');
  const zoom = useZoom();
  const markers = useMarkers(query.data?.frame.workflows);
  const data = useMemo(() => query.data && outcomes(query.data), [query.data]);
  const { granularity } = query.data ?? {};
  return (
    <Card
      title={SAID.trend}
      note={granularity ? SAID.trendNote(bucketWord(granularity)) : undefined}
      testId="funnel-trend"
      className="col-span-full xl:col-span-7"
      actions={tableSwitch}
    >
      <QueryContent what={SAID.trend} query={query} skeleton={<ChartSkeleton height={HEIGHT} />}>
        {() =>
          !data || data.series.length === 0 ? (
            <EmptyNote>{SAID.nobody}</EmptyNote>
          ) : (
            <>
              <ul className="flex flex-wrap gap-x-4 px-4 text-xs text-ink-2">
                {data.series.map((series) => (
                  <li key={series.id} className="flex items-center gap-1.5">
                    <span
                      aria-hidden="true"
                      className="size-2.5 rounded-sm"
                      style={{ background: `var(${series.token})` }}
                    />
                    {series.label}
                  </li>
                ))}
              </ul>
              <div className="mt-auto">
                <Chart
                  label={SAID.trend}
                  data={data}
                  markers={markers}
                  height={HEIGHT}
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
