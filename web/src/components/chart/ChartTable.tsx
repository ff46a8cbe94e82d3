import type { ReactNode } from 'react';
import { bucketName } from '@/lib/granularity';
import { exactFigure, figure } from '@/lib/format';
import { chart as words } from '@/words';
import { useCellTips } from '../cellTips';
import { Name } from '../Name';
import { markersIn } from './marks';
import { incomplete, unitOf, type ChartData, type Marker } from './model';

/** More rows than this make the page slow; the export has all of them. */
const MOST_ROWS = 2000;

/** The figures of a chart as a table: the text alternative, and a source to copy from. */
export function ChartTable(props: {
  label: string;
  data: ChartData;
  height: number;
  markers?: Marker[];
}): ReactNode {
  const { data, markers = [] } = props;
  const keyOf = (start: number, series: string): string => `${start} ${series}`;
  const tips = useCellTips(keyOf(data.starts[0] ?? 0, data.series[0]?.id ?? ''));
  return (
    <div
      role="region"
      // A card may be called like its chart.
      aria-label={words.valuesOf(props.label)}
      // It takes focus so that the keyboard can scroll it.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="overflow-auto"
      style={{ height: props.height }}
    >
      <table className="w-full">
        <thead className="sticky top-0 bg-surface text-xs text-ink-3">
          <tr>
            <th scope="col" className="h-8 px-4 text-left font-medium">
              {words.time}
            </th>
            {data.series.map((series) => (
              <th key={series.id} scope="col" className="px-2 text-right font-medium last:pr-4">
                {series.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...tips.body}>
          {data.starts.slice(0, MOST_ROWS).map((start, index) => (
            <tr key={start} className="h-8 border-t">
              <th scope="row" className="px-4 text-left font-normal whitespace-nowrap">
                {bucketName(start, data.granularity, data.zone)}
                <Incomplete data={data} index={index} />
                {markersIn(markers, data, index).map((marker) => (
                  <span key={`${marker.at} ${marker.label}`} className="text-ink-3 max-md:block">
                    {' '}
                    <Name of={marker.label} />
                  </span>
                ))}
              </th>
              {data.series.map((series) => {
                const value = series.values[index] ?? null;
                return (
                  <td
                    key={series.id}
                    title={exactFigure(value, unitOf(data, series))}
                    {...tips.cell(keyOf(start, series.id))}
                    className="px-2 text-right last:pr-4"
                  >
                    {figure(value, unitOf(data, series))}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {tips.tip}
      {data.starts.length > MOST_ROWS && (
        <p className="px-4 py-2 text-ink-3">{words.rowsCut(MOST_ROWS, data.starts.length)}</p>
      )}
    </div>
  );
}

function Incomplete({ data, index }: { data: ChartData; index: number }): ReactNode {
  const why = incomplete(data, index);
  return why && <span className="text-warn"> ({why})</span>;
}
