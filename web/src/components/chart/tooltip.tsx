import type { ReactNode } from 'react';
import { bucketName } from '@/lib/granularity';
import { exactFigure, figure, percent } from '@/lib/format';
import { incomplete, type ChartData, type Series } from './model';

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
  const own = lines.filter((line) => !line.series.comparison && line.value !== 0);
  own.sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
  return [...own, ...lines.filter((line) => line.series.comparison)];
}

/** One bucket in words, for screen readers. */
export function bucketDescription(data: ChartData, index: number): string {
  const start = data.starts[index];
  if (start === undefined) return 'No data';
  const parts = linesAt(data, index).map(
    (line) => `${line.series.label} ${exactFigure(line.value, data.unit)}`,
  );
  const why = incomplete(data, index);
  return `${bucketName(start, data.granularity, data.zone)}: ${parts.join(', ') || 'none'}${why ? `; ${why}` : ''}`;
}

/** The figures of the bucket under the crosshair, largest first. */
export function ChartTooltip({ data, index }: { data: ChartData; index: number }): ReactNode {
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
                  className={`mr-1.5 inline-block w-2.5 align-middle ${series.kind === 'bar' ? 'h-2.5 rounded-sm' : series.comparison ? 'border-t-2 border-dashed' : 'h-0.5'}`}
                  style={
                    series.comparison
                      ? { borderColor: 'var(--compare)' }
                      : { background: `var(${series.token})` }
                  }
                />
                {series.label}
              </td>
              <td className="pl-2 text-right font-medium">{figure(value, data.unit)}</td>
              <td className="pl-2 text-right text-ink-3">{share === null ? '' : percent(share)}</td>
            </tr>
          ))}
          {bars.length > 1 && (
            <tr className="border-t">
              <td className="pr-2">Total</td>
              <td className="pl-2 text-right font-medium">{figure(total, data.unit)}</td>
              <td />
            </tr>
          )}
        </tbody>
      </table>
      {lines.length === 0 && <p className="text-ink-3">None</p>}
      {why && <p className="mt-1 text-warn first-letter:uppercase">{why}</p>}
    </div>
  );
}
