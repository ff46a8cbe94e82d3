import type { ComponentProps, ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import { Delta, type Comparability } from '@/components/Delta';
import { Hint } from '@/components/Hint';
import { Icon } from '@/components/Icon';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { Sparkline } from '@/components/Sparkline';
import { Skeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { exactFigure, figure } from '@/lib/format';
import { dateTime } from '@/lib/zone';
import { comparability } from '../coverage';
import { board as words } from '@/words';
import {
  ERROR_STATUSES,
  useCounted,
  useExecutionsLink,
  type ExecutionFilters,
} from '../executionsLink';
import { numberOf } from '../rows';
import { KPIS, useFigure } from './figure';
import { useMetricInfo } from './metrics';
import { comparisonName, trendOf } from './series';

const TILE = 'relative flex min-w-0 flex-col gap-0.5 bg-surface px-2 pt-2.5 pb-2 sm:px-3';
const GRID = 'grid grid-cols-3 overflow-hidden rounded-lg border bg-line gap-px xl:grid-cols-9';

interface Props {
  headline: QueryState<Answer>;
  series: QueryState<Answer>;
  coverage: Answer | undefined;
}

/** The KPI row: value, unit, change from the comparison period, trend. The figure that is clicked is drawn large. */
export function Kpis(props: Props): ReactNode {
  const info = useMetricInfo();
  const { figure, choose } = useFigure();
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
                drawn={name === figure}
                onChoose={choose}
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

interface TileProps extends KpiProps {
  trend: ComponentProps<typeof Sparkline>;
  drawn: boolean;
  onChoose: (figure: string) => void;
}

function Kpi(props: TileProps): ReactNode {
  const { metric, result, comparable } = props;
  const now = numberOf(result.rows[0], metric.name);
  const compared = Boolean(result.comparison);
  const before = numberOf(result.comparison?.[0], metric.name);
  const link = useExecutionsLink(useCounted(result));
  const filters = behind(metric.name, now);
  return (
    <div
      data-testid={`kpi-${metric.name}`}
      data-value={now ?? ''}
      className={`${TILE} hover:bg-sunken/60 ${props.drawn ? 'shadow-[inset_0_2px_0_var(--accent)]' : ''}`}
    >
      <h2
        className={`truncate text-xs ${filters ? 'sm:pr-4' : ''} ${props.drawn ? 'text-accent' : 'text-ink-2'}`}
      >
        {metric.label}
      </h2>
      <Hint text={<Exact metric={metric} result={result} comparable={comparable} />}>
        <button
          type="button"
          aria-label={`${metric.label}: ${figure(now, metric.unit)}. Draw over time`}
          aria-pressed={props.drawn}
          onClick={() => props.onChoose(metric.name)}
          className="w-fit text-left text-lg leading-7 font-semibold tracking-tight whitespace-nowrap after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent sm:text-xl"
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
      {filters && (
        <a
          {...link(filters)}
          aria-label={words.executionsBehind(metric.label)}
          title={words.executionsBehind(metric.label)}
          className="absolute top-1.5 right-1 z-1 inline-flex size-6 max-sm:top-7 items-center justify-center rounded text-ink-3 hover:bg-sunken hover:text-ink pointer-coarse:size-10"
        >
          <Icon name="list" size={12} />
        </a>
      )}
    </div>
  );
}

/**
 * The executions behind a figure: of a rate those that lower it, of a percentile those that took longer. Null for a
 * figure that counts something else.
 */
function behind(metric: string, value: number | null): ExecutionFilters | null {
  switch (metric) {
    case 'executions':
      return {};
    case 'failed':
      return { status: 'failed' };
    case 'success_rate':
      return { status: ERROR_STATUSES };
    case 'duration_p50':
    case 'duration_p95':
      return value === null ? null : { minDuration: Math.round(value) };
    default:
      return null;
  }
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
        <div key={name} className={TILE}>
          <Skeleton className="my-px h-3.5 w-16 max-w-full" />
          <Skeleton className="my-1 h-5 w-20 max-w-full" />
          <Skeleton className="h-4 w-12" />
          <Skeleton className="mt-1 h-6 w-full" />
        </div>
      ))}
    </div>
  );
}
