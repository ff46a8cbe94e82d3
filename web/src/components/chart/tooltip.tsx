import type { ReactNode } from 'react';
import { bucketName } from '@/lib/granularity';
import { exactFigure, figure, percent } from '@/lib/format';
import { dateTime, interval } from '@/lib/zone';
import { chart as words } from '@/words';
import { Name } from '../Name';
import { markersIn } from './marks';
import {
  incomplete,
  unitOf,
  type ChartData,
  type Marker,
  type MarkerKind,
  type Series,
} from './model';

const NOTE = 'text-note';
const INK: Record<MarkerKind, string> = {
  release: 'text-ink-2',
  incident: 'text-bad',
  change: 'text-accent',
  note: NOTE,
};

interface Line {
  series: Series;
  value: number | null;
  share: number | null;
}

function linesAt(data: ChartData, index: number): Line[] {
  const bars = data.series.filter((series) => series.kind === 'bar');
  const total = bars.reduce((sum, series) => sum + (series.values[index] ?? 0), 0);
  const lines = data.series.map((series) => {
    const value = series.values[index] ?? null;
    const share =
      series.kind === 'bar' && value !== null && total > 0 ? (value / total) * 100 : null;
    return { series, value, share };
  });
  // What happened and what is expected have no buckets in common, or only the present one.
  const none = data.forecastFrom === undefined ? undefined : null;
  const own = lines.filter(
    ({ series, value }) => !series.comparison && value !== 0 && value !== none,
  );
  // Figures of one unit stand together: 3 s are not less than 200 executions.
  const axis = (line: Line): number => (line.series.axis === 'right' ? 1 : 0);
  own.sort((a, b) => axis(a) - axis(b) || (b.value ?? -1) - (a.value ?? -1));
  return [...own, ...lines.filter((line) => line.series.comparison)];
}

/** One bucket in words, for screen readers. */
export function bucketDescription(data: ChartData, index: number, markers: Marker[] = []): string {
  const start = data.starts[index];
  if (start === undefined) return words.noData;
  const parts = linesAt(data, index).map(
    (line) => `${line.series.label} ${exactFigure(line.value, unitOf(data, line.series))}`,
  );
  const notes = [
    incomplete(data, index),
    ...markersIn(markers, data, index).map((marker) => marker.label),
  ];
  const said = notes.filter(Boolean).map((note) => `; ${note}`);
  return `${bucketName(start, data.granularity, data.zone)}: ${parts.join(', ') || words.noValues}${said.join('')}`;
}

const timeOf = ({ at, until, open }: Marker, zone: string): string =>
  open ? words.since(dateTime(at, zone)) : interval(at, until, zone);

/** The figures of the bucket under the crosshair, largest first. */
export function ChartTooltip(props: {
  data: ChartData;
  index: number;
  markers: Marker[];
}): ReactNode {
  const { data, index } = props;
  const here = markersIn(props.markers, data, index);
  const lines = linesAt(data, index);
  const bars = lines.filter((line) => line.series.kind === 'bar');
  const total = bars.reduce((sum, line) => sum + (line.value ?? 0), 0);
  const why = incomplete(data, index);
  return (
    <div className="rounded-md border border-line-strong bg-raised px-2.5 py-2 text-xs whitespace-nowrap">
      <p className="mb-1 font-medium">
        {bucketName(data.starts[index] ?? 0, data.granularity, data.zone)}
      </p>
      <table>
        <tbody>
          {lines.map(({ series, value, share }) => (
            <tr key={series.id} className={series.comparison ? 'text-ink-3' : ''}>
              <td className="pr-2">
                <span
                  className={`mr-1.5 inline-block w-2.5 align-middle ${series.kind !== 'line' ? 'h-2.5 rounded-sm' : series.comparison ? 'border-t-2 border-dashed' : 'h-0.5'}`}
                  style={
                    series.comparison
                      ? { borderColor: 'var(--compare)' }
                      : { background: `var(${series.token})` }
                  }
                />
                {series.label}
              </td>
              <td className="pl-2 text-right font-medium">{figure(value, unitOf(data, series))}</td>
              <td className="pl-2 text-right text-ink-3">{share === null ? '' : percent(share)}</td>
            </tr>
          ))}
          {bars.length > 1 && (
            <tr className="border-t">
              <td className="pr-2">{words.total}</td>
              <td className="pl-2 text-right font-medium">{figure(total, data.unit)}</td>
              <td />
            </tr>
          )}
        </tbody>
      </table>
      {lines.length === 0 && <p className="text-ink-3">{words.none}</p>}
      {here.map((marker) => (
        <p key={`${marker.at} ${marker.label}`} className="mt-1 max-w-72 whitespace-normal">
          <span className={INK[marker.kind]}>
            <Name of={marker.label} />
          </span>
          <span className="text-ink-3">, {timeOf(marker, data.zone)}</span>
        </p>
      ))}
      {why && <p className="mt-1 text-warn first-letter:uppercase">{why}</p>}
    </div>
  );
}
