import { useMemo, type ReactNode } from 'react';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import type { Series } from '@/components/chart/model';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import { figure } from '@/lib/format';
import { workflow as words } from '@/words';
import { perBucket } from '../board/TimeCharts';
import { useZoom } from '../board/zoom';
import { useMarkers } from '../markers';
import { useTableSwitch } from '../tableSwitch';
import { useCardQuery, type CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { costSeries, MOST_PARTS } from './costSeries';

const HEIGHT = 240;
const SAID = words.cost;

function costQuery(view: View, split: string): CardQuery {
  return {
    metrics: ['cost'],
    dimensions: [split],
    granularity: view.granularity,
    orderBy: [{ metric: 'cost', direction: 'desc' }],
    limit: MOST_PARTS,
    other: true,
  };
}

/** What was spent over time, by model or another part. */
export function CostOverTime(props: {
  view: View;
  split: keyof typeof SAID.splits;
  actions: ReactNode;
}): ReactNode {
  const { view, split } = props;
  const query = useCardQuery(view, costQuery(view, split), true, 'later');
  const [asTable, tableSwitch] = useTableSwitch('cost');
  const zoom = useZoom();
  const markers = useMarkers(query.data?.frame.workflows);
  const data = useMemo(
    () =>
      query.data && costSeries(query.data, split, { none: SAID.none[split], other: SAID.others }),
    [query.data, split],
  );
  return (
    <Card
      title={SAID.overTime}
      note={perBucket(query.data)}
      testId="cost-chart"
      className="col-span-full xl:col-span-7"
      actions={
        <>
          {props.actions}
          {tableSwitch}
        </>
      }
    >
      <QueryContent
        what={SAID.overTime}
        query={query}
        skeleton={<ChartSkeleton headed height={HEIGHT} />}
      >
        {() =>
          !data || data.series.length === 0 ? (
            <EmptyNote>{SAID.nothing}</EmptyNote>
          ) : (
            <>
              <Legend series={data.series} />
              <div className="mt-auto">
                <Chart
                  label={SAID.overTime}
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

function Legend({ series }: { series: Series[] }): ReactNode {
  const sum = (values: (number | null)[]): number =>
    values.reduce((all: number, value) => all + (value ?? 0), 0);
  return (
    <ul className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-0.5 px-4 text-xs text-ink-2 max-sm:min-h-14">
      {series.map((part) => (
        <li key={part.id} className="flex min-w-0 items-center gap-1.5">
          <span
            aria-hidden="true"
            className="size-2.5 shrink-0 rounded-sm"
            style={{ background: `var(${part.token})` }}
          />
          <Name cut of={part.label} />
          <span className="font-medium text-ink">{figure(sum(part.values), 'usd')}</span>
        </li>
      ))}
    </ul>
  );
}
