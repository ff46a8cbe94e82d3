import type { ReactNode } from 'react';
import { ChartTable } from './ChartTable';
import { TimeChart, type TimeChartProps } from './TimeChart';

/** A time chart, or its figures as a table. */
export function Chart(props: TimeChartProps & { asTable: boolean }): ReactNode {
  const { asTable, ...chart } = props;
  if (asTable) {
    const { label, data, height, markers } = props;
    return <ChartTable label={label} data={data} height={height} markers={markers} />;
  }
  return <TimeChart {...chart} />;
}
