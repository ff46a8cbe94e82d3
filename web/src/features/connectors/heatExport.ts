import type { ChartData } from '@/components/chart/model';
import { cellAt, type HeatRow } from './heat';
import { connectorName } from './said';
import type { Columns } from './useColumns';

/**
 * The heatmap as a chart has its figures: for each connector the percentage of its runs that failed, or that its mean
 * time is of that in the rest of the range; a bucket in which it did not run is a gap.
 */
export function heatData(rows: HeatRow[], columns: Columns, now: number): ChartData {
  const { starts, end, bounds, granularity, zone, measure } = columns;
  const failures = measure === 'failures';
  return {
    starts,
    end,
    granularity,
    zone,
    unit: 'percent',
    range: bounds,
    completeUntil: now < end ? now : null,
    series: rows.map(({ connector, cells }) => ({
      id: connector ?? '',
      label: connectorName(connector),
      token: failures ? '--failed' : '--series-1',
      kind: 'line',
      values: starts.map((start) => {
        const value = cellAt(cells, Math.max(bounds.from, start))?.value ?? null;
        return value === null ? null : 100 * value;
      }),
    })),
  };
}
