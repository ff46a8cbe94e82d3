import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { MetricInfo, QueryResult } from '@/api/types';
import { Delta } from '@/components/Delta';
import { Hint } from '@/components/Hint';
import { QueryContent } from '@/components/QueryContent';
import { Sparkline } from '@/components/Sparkline';
import { Skeleton } from '@/components/states';
import { exactFigure, figure } from '@/lib/format';
import { dateTime } from '@/lib/zone';
import { numberOf } from '../rows';
import type { View } from '../view';
import { useMetricInfo } from './metrics';
import { comparisonName } from './series';

/** The figures of the row, most important first. */
export const KPIS = [
  'executions',
  'success_rate',
  'failed',
  'duration_p50',
  'duration_p95',
  'steps',
  'activities',
  'users',
  'cost',
];

const GRID =
  'grid grid-cols-2 overflow-hidden rounded-lg border bg-line gap-px sm:grid-cols-3 xl:grid-cols-9';

interface Props {
  view: View;
  headline: UseQueryResult<QueryResult>;
  series: UseQueryResult<QueryResult>;
}

/** The KPI row: value, unit, change from the comparison period, trend. */
export function Kpis({ view, headline, series }: Props): ReactNode {
  const info = useMetricInfo();
  return (
    <section aria-label="Key figures" data-testid="kpis">
      <QueryContent what="Key figures" query={headline} skeleton={<KpiSkeleton />}>
        {(result) => (
          <div className={GRID}>
            {KPIS.map((name) => (
              <Kpi
                key={name}
                view={view}
                metric={info(name)}
                result={result}
                trend={(series.data?.rows ?? []).map((row) => numberOf(row, name))}
              />
            ))}
          </div>
        )}
      </QueryContent>
    </section>
  );
}

function Kpi(props: {
  view: View;
  metric: MetricInfo;
  result: QueryResult;
  trend: (number | null)[];
}): ReactNode {
  const { view, metric, result } = props;
  const now = numberOf(result.rows[0], metric.name);
  const compared = Boolean(result.comparison);
  const before = numberOf(result.comparison?.[0], metric.name);
  return (
    <div
      data-testid={`kpi-${metric.name}`}
      data-value={now ?? ''}
      className="flex min-w-0 flex-col gap-0.5 bg-surface px-3 pt-2.5 pb-2 max-sm:first:col-span-2"
    >
      <h2 className="truncate text-xs text-ink-2" title={metric.description}>
        {metric.label}
      </h2>
      <Hint text={<Exact view={view} metric={metric} result={result} />}>
        <button
          type="button"
          className="w-fit cursor-default rounded text-left text-xl leading-7 font-semibold tracking-tight whitespace-nowrap"
        >
          {figure(now, metric.unit)}
        </button>
      </Hint>
      <p className="h-4 truncate text-2xs leading-4">
        {compared ? <Delta now={now} before={before} metric={metric} /> : <span>&nbsp;</span>}
      </p>
      <div className="mt-1">
        <Sparkline values={props.trend} />
      </div>
    </div>
  );
}

function Exact(props: { view: View; metric: MetricInfo; result: QueryResult }): ReactNode {
  const { view, metric, result } = props;
  const now = numberOf(result.rows[0], metric.name);
  const before = numberOf(result.comparison?.[0], metric.name);
  const past = result.query.comparisonRange;
  return (
    <div className="flex flex-col gap-1">
      <p className="font-medium">
        {metric.label}: {exactFigure(now, metric.unit)}
      </p>
      {metric.description && <p className="text-ink-2">{metric.description}</p>}
      {past && (
        <p className="text-ink-2">
          {comparisonName(result)}: {exactFigure(before, metric.unit)} (
          {dateTime(Date.parse(past.from), view.zone)} to {dateTime(Date.parse(past.to), view.zone)}
          )
        </p>
      )}
    </div>
  );
}

function KpiSkeleton(): ReactNode {
  return (
    <div role="status" aria-label="Loading" className={GRID}>
      {KPIS.map((name) => (
        <div
          key={name}
          className="flex flex-col gap-0.5 bg-surface px-3 pt-2.5 pb-2 max-sm:first:col-span-2"
        >
          <Skeleton className="my-0.5 h-3.5 w-16" />
          <Skeleton className="my-1 h-5 w-20" />
          <Skeleton className="h-4 w-12" />
          <Skeleton className="mt-1 h-6 w-full" />
        </div>
      ))}
    </div>
  );
}
