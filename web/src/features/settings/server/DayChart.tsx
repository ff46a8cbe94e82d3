import { useMemo, type ReactNode } from 'react';
import type { ServerReport } from '@/api/server';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import { ExportMenu } from '@/components/chart/ExportMenu';
import { Legend } from '@/components/chart/Legend';
import type { ChartData } from '@/components/chart/model';
import { EmptyNote } from '@/components/states';
import { toggled } from '@/lib/list';
import { server as words } from '@/words';
import { useTableSwitch } from '../../tableSwitch';
import { usePageSearch, useSetSearch } from '../../view';
import { standstills } from './series';

const HEIGHT = 200;

/** Whether there is nothing to draw: gaps, and bars without height. */
const blank = ({ series }: ChartData): boolean =>
  series.every(({ kind, values }) =>
    values.every((value) => value === null || (kind === 'bar' && value === 0)),
  );

/** A chart of the server's days, with the days marked on which it did not run all the time. */
export function DayChart(props: {
  /** Names the chart in the URL, where it is a table. */
  id: string;
  title: string;
  note?: string;
  /** What the chart shows, for readers who do not see it; the title by default. */
  label?: string;
  empty?: string;
  report: ServerReport;
  /** Lays the report out as a chart. */
  chart: (report: ServerReport) => ChartData;
  className?: string;
}): ReactNode {
  const { report, chart, title } = props;
  const { hide } = usePageSearch();
  const setSearch = useSetSearch();
  const [asTable, tableSwitch] = useTableSwitch(props.id);
  const whole = useMemo(() => chart(report), [report, chart]);
  const markers = useMemo(() => standstills(report), [report]);
  const data = useMemo(
    () => ({ ...whole, series: whole.series.filter(({ id }) => !hide?.includes(id)) }),
    [whole, hide],
  );
  const drawable = !blank(whole);
  return (
    <Card
      title={title}
      note={props.note ?? words.charts.perDay}
      className={props.className}
      testId={`server-${props.id}`}
      actions={
        drawable && (
          <>
            {tableSwitch}
            <ExportMenu title={title} data={data} markers={markers} log={false} />
          </>
        )
      }
    >
      {drawable ? (
        <>
          {whole.series.length > 1 && (
            <div className="flex min-h-7 items-center px-2.5 max-md:min-h-11 max-md:overflow-x-auto">
              <Legend
                data={whole}
                hidden={hide ?? []}
                onToggle={(id) => setSearch({ hide: toggled(hide, id) }, { replace: true })}
              />
            </div>
          )}
          <div className="mt-auto">
            <Chart
              label={props.label ?? title}
              data={data}
              height={HEIGHT}
              markers={markers}
              asTable={asTable}
            />
          </div>
        </>
      ) : (
        <EmptyNote>{props.empty ?? words.charts.nothing}</EmptyNote>
      )}
    </Card>
  );
}
