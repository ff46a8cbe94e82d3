import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Button } from '../Button';
import { Icon } from '../Icon';
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

/** The switch between chart and table. */
export function useTableSwitch(): [boolean, ReactNode] {
  const [asTable, setAsTable] = useState(false);
  const label = asTable ? 'Show as chart' : 'Show as table';
  return [
    asTable,
    <Button
      key="table"
      kind="quiet"
      small
      aria-label={label}
      title={label}
      onClick={() => setAsTable(!asTable)}
    >
      <Icon name={asTable ? 'chart' : 'table'} size={14} />
    </Button>,
  ];
}
