import type { ComponentProps, ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import { Delta, type Comparability } from '@/components/Delta';
import { Hint } from '@/components/Hint';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { Sparkline } from '@/components/Sparkline';
import { Skeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { exactFigure, figure } from '@/lib/format';
import { dateTime } from '@/lib/zone';
import { comparability } from '../coverage';
import { numberOf } from '../rows';
import { useMetricInfo } from './metrics';
import { comparisonName, trendOf } from './series';

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
  headline: QueryState<Answer>;
  series: QueryState<Answer>;
  coverage: Answer | undefined;
}

/** The KPI row: value, unit, change from the comparison period, trend. */
export function Kpis(props: Props): ReactNode {
  const info = useMetricInfo();
  const trends = props.series.data;
  return (
    <section aria-label="Key figures" data-testid="kpis">
      <QueryContent what="Key figures" query={props.headline} skeleton={<KpiSkeleton />}>
        {(result) => (
          <div className={GRID}>
            {KPIS.map((name) => (
              <Kpi
                key={name}
                metric={info(name)}
                result={result}
                comparable={comparability(props.coverage, result.query.range)}
                trend={trends ? trendOf(trends, name) : { values: [] }}
              />
            ))}
          </div>
        )}
      </QueryContent>
    </section>
  );
}

interface KpiProps {
  metric: MetricInfo;
  result: Answer;
  comparable: Comparability | undefined;
}

function Kpi(props: KpiProps & { trend: ComponentProps<typeof Sparkline> }): ReactNode {
  const { metric, result, comparable } = props;
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
      <Hint text={<Exact metric={metric} result={result} comparable={comparable} />}>
        <button
          type="button"
          className="w-fit cursor-default rounded text-left text-xl leading-7 font-semibold tracking-tight whitespace-nowrap"
        >
          {figure(now, metric.unit)}
        </button>
      </Hint>
      <p className="h-4 truncate text-2xs leading-4">
        {compared ? (
          <Delta now={now} before={before} metric={metric} comparable={comparable} />
        ) : (
          <span>&nbsp;</span>
        )}
      </p>
      <div className="mt-1">
        <Sparkline {...props.trend} />
      </div>
    </div>
  );
}

function Exact({ metric, result, comparable }: KpiProps): ReactNode {
  const { zone } = result.frame;
  const now = numberOf(result.rows[0], metric.name);
  const before = numberOf(result.comparison?.[0], metric.name);
  const past = result.query.comparisonRange;
  return (
    <div className="flex flex-col gap-1">
      <p className="font-medium">
        {metric.label}: {exactFigure(now, metric.unit)}
      </p>
      {metric.description && <p className="text-ink-2">{metric.description}</p>}
      {comparable?.possible === false && <p className="text-warn">{comparable.reason}</p>}
      {past && (
        <p className="text-ink-2">
          {comparisonName(result)}: {exactFigure(before, metric.unit)} (
          {dateTime(Date.parse(past.from), zone)} to {dateTime(Date.parse(past.to), zone)})
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
