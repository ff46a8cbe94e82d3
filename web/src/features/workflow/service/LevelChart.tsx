import { useMemo, type ReactNode } from 'react';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import { ExportMenu } from '@/components/chart/ExportMenu';
import { Legend } from '@/components/chart/Legend';
import type { ChartData, Marker } from '@/components/chart/model';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import { toggled } from '@/lib/list';
import { useTableSwitch } from '../../tableSwitch';
import { usePageSearch, useSetSearch } from '../../view';

const HEIGHT = 220;
const NO_MARKERS: Marker[] = [];

/** A time chart of a window, which is not the range of the page: so it cannot be zoomed. */
export function LevelChart(props: {
  /** Names the chart in the URL, where it is a table. */
  id: string;
  title: string;
  note?: ReactNode;
  /** What stands in place of a chart without figures. */
  empty: string;
  query: QueryState<unknown>;
  data: ChartData | undefined;
  markers?: Marker[];
  /** Whether its series are named above it, where each can be hidden. */
  legend?: boolean;
}): ReactNode {
  const { data: whole, legend = false } = props;
  const { hide } = usePageSearch();
  const setSearch = useSetSearch();
  const [asTable, tableSwitch] = useTableSwitch(props.id);
  const data = useMemo(
    () =>
      whole && legend
        ? { ...whole, series: whole.series.filter(({ id }) => !hide?.includes(id)) }
        : whole,
    [whole, legend, hide],
  );
  const empty = !whole?.series.some(({ comparison, values }) => !comparison && values.some(known));
  return (
    <Card
      title={props.title}
      note={props.note}
      testId={props.id}
      className="col-span-full xl:col-span-6"
      actions={
        <>
          {tableSwitch}
          {data && !empty && (
            <ExportMenu
              title={props.title}
              data={data}
              markers={props.markers ?? NO_MARKERS}
              log={false}
            />
          )}
        </>
      }
    >
      <QueryContent
        what={props.title}
        query={props.query}
        skeleton={<ChartSkeleton headed={legend} height={HEIGHT} />}
      >
        {() =>
          !whole || !data || empty ? (
            <EmptyNote>{props.empty}</EmptyNote>
          ) : (
            <>
              {legend && (
                <div className="flex min-h-7 items-center px-2.5 max-md:min-h-11 max-md:overflow-x-auto">
                  <Legend
                    data={whole}
                    hidden={hide ?? []}
                    onToggle={(id) => setSearch({ hide: toggled(hide, id) }, { replace: true })}
                  />
                </div>
              )}
              <Chart
                label={props.title}
                data={data}
                height={HEIGHT}
                markers={props.markers ?? NO_MARKERS}
                asTable={asTable}
              />
            </>
          )
        }
      </QueryContent>
    </Card>
  );
}

const known = (value: number | null): boolean => value !== null;
