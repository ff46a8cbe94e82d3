import { lazy, Suspense, type ReactNode } from 'react';
import { ChartSkeleton } from '../states';
import { ChartTable } from './ChartTable';
import type { TimeChartProps } from './TimeChart';

// The chart library is the heaviest part: it loads in parallel with the first responses, not before them.
const loading = import('./TimeChart');
const TimeChart = lazy(() => loading);

/** A time chart, or its figures as a table. */
export function Chart(props: TimeChartProps & { asTable: boolean }): ReactNode {
  const { asTable, ...chart } = props;
  if (asTable) return <ChartTable label={props.label} data={props.data} height={props.height} />;
  return (
    <Suspense fallback={<ChartSkeleton height={props.height} />}>
      <TimeChart {...chart} />
    </Suspense>
  );
}
