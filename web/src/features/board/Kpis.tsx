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
import { board as words, components } from '@/words';
import { comparability } from '../coverage';
import {
  ERROR_STATUSES,
  useCounted,
  useExecutionsLink,
  type ExecutionFilters,
} from '../executionsLink';
import { numberOf } from '../rows';
import { LEADING, REST, useFigure } from './figure';
import { useMetricInfo } from './metrics';
import { comparisonOf, trendOf } from './series';

const TILE = 'relative flex min-w-0 flex-col bg-surface px-2 pt-2 pb-1.5 @md:px-3';
const PANEL =
  'grid flex-1 gap-px overflow-hidden rounded-lg border bg-line @5xl:grid-cols-2 grid-rows-[1fr_auto] @5xl:grid-rows-1';
const LARGE = 'grid grid-cols-3 gap-px';
/** Two columns where four would cut the labels; phones have no links beside the labels, and let them wrap to two lines. */
const SMALL = {
  all: 'grid grid-cols-2 gap-px @md:grid-cols-4',
  rest: 'grid grid-cols-4 gap-px @max-md:[&_h2]:min-h-8',
};

const valueSize = (large: boolean): string =>
  large ? 'text-xl leading-8 @md:text-2xl' : 'text-sm leading-5';

/** Which figures a panel has. Phones show the leading ones above the main chart, and the rest below it. */
type Part = 'all' | 'leading' | 'rest';

interface Props {
  headline: QueryState<Answer>;
  series: QueryState<Answer>;
  coverage: Answer | undefined;
  part?: Part;
  className?: string;
}

/** The key figures: three large ones with their trend, and the rest small beside them. The one that is clicked drives the main chart. */
export function Kpis({ part = 'all', className = '', ...props }: Props): ReactNode {
  const info = useMetricInfo();
  const tile = useTile(props, info);
  return (
    <section
      aria-label={part === 'rest' ? words.moreFigures : words.keyFigures}
      data-testid={part === 'rest' ? 'more-kpis' : 'kpis'}
      className={`@container flex min-w-0 flex-col ${className}`}
    >
      <QueryContent
        what={words.keyFigures}
        query={props.headline}
        skeleton={
          <div role="status" aria-label={components.loading} className="flex flex-1 flex-col">
            <Panel
              part={part}
              tile={(name, large) => <Empty key={name} large={large} label={info(name).label} />}
            />
          </div>
        }
      >
        {(result) => <Panel part={part} tile={(name, large) => tile(result, name, large)} />}
      </QueryContent>
    </section>
  );
}

function Panel(props: {
  part: Part;
  tile: (name: string, large: boolean) => ReactNode;
}): ReactNode {
  return (
    <div className={PANEL}>
      {props.part !== 'rest' && (
        <div className={LARGE}>{LEADING.map((name) => props.tile(name, true))}</div>
      )}
      {props.part !== 'leading' && (
        <div className={SMALL[props.part]}>{REST.map((name) => props.tile(name, false))}</div>
      )}
    </div>
  );
}

/** Draws one figure of an answer. */
function useTile(
  { series, coverage }: Pick<Props, 'series' | 'coverage'>,
  info: (name: string) => MetricInfo,
) {
  const { figure: drawn, choose } = useFigure();
  const trends = series.data;
  return (result: Answer, name: string, large: boolean): ReactNode => (
    <Kpi
      key={name}
      metric={info(name)}
      result={result}
      comparable={comparability(coverage, result.query.range)}
      drawn={name === drawn}
      onChoose={choose}
      large={large}
      trend={large && trends ? trendOf(trends, name) : { values: [] }}
    />
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
  large: boolean;
  onChoose: (figure: string) => void;
}

function Kpi(props: TileProps): ReactNode {
  const { metric, result, comparable, large } = props;
  const now = numberOf(result.rows[0], metric.name);
  const compared = Boolean(result.comparison);
  const before = numberOf(result.comparison?.[0], metric.name);
  // Where the link to the executions stands.
  const room = large ? 'pr-4 pointer-coarse:pr-7' : 'pr-4 @max-md:pr-0 pointer-coarse:pr-0';
  const link = useExecutionsLink(useCounted(result));
  const filters = behind(metric.name, now);
  return (
    <div
      data-testid={`kpi-${metric.name}`}
      data-value={now ?? ''}
      className={`${TILE} hover:bg-sunken/60 ${props.drawn ? 'shadow-[inset_0_2px_0_var(--accent)]' : ''}`}
    >
      <Lines
        large={large}
        label={metric.label}
        labelClass={`${filters ? room : ''} ${props.drawn ? 'text-accent' : 'text-ink-2'}`}
        value={
          <Hint text={<Exact metric={metric} result={result} comparable={comparable} />}>
            <button
              type="button"
              aria-label={words.drawOverTime(`${metric.label}: ${figure(now, metric.unit)}`)}
              aria-pressed={props.drawn}
              onClick={() => props.onChoose(metric.name)}
              className={`w-fit text-left font-semibold tracking-tight whitespace-nowrap after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent ${valueSize(large)}`}
            >
              {figure(now, metric.unit)}
            </button>
          </Hint>
        }
        change={
          compared ? (
            <>
              <Delta now={now} before={before} metric={metric} comparable={comparable} />
              {large && comparable?.possible && before !== null && (
                <span className="text-ink-3 @max-md:hidden">
                  {' '}
                  {words.versus[comparisonOf(result)]}
                </span>
              )}
            </>
          ) : (
            <span>&nbsp;</span>
          )
        }
        trend={<Sparkline {...props.trend} height="h-full" />}
      />
      {filters && (
        <a
          {...link(filters)}
          aria-label={words.executionsBehind(metric.label)}
          title={words.executionsBehind(metric.label)}
          className={`absolute top-1 right-1 z-1 inline-flex size-6 items-center justify-center rounded text-ink-3 hover:bg-sunken hover:text-ink pointer-coarse:size-10 ${large ? '' : '@max-md:hidden pointer-coarse:hidden'}`}
        >
          <Icon name="list" size={12} />
        </a>
      )}
    </div>
  );
}

/** How far a percentile can lie above the duration that it stands for: the middle of a bucket of the server's sketch. */
const SKETCH_ERROR = 1 / 128;

/**
 * The executions behind a figure: of a rate those that lower it, of a percentile those that took longer. Null for a
 * figure that counts something else.
 */
function behind(metric: string, value: number | null): ExecutionFilters | null {
  switch (metric) {
    case 'executions':
      return {};
    case 'completed':
    case 'failed':
    case 'crashed':
      return { status: metric };
    case 'success_rate':
      return { status: ERROR_STATUSES };
    case 'duration_p50':
    case 'duration_p95':
      return value === null ? null : { minDuration: Math.floor(value * (1 - SKETCH_ERROR)) };
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
          {words.before(
            words.comparison[comparisonOf(result)],
            exactFigure(before, metric.unit),
            dateTime(Date.parse(past.from), zone),
            dateTime(Date.parse(past.to), zone),
          )}
        </p>
      )}
    </div>
  );
}

interface LinesProps {
  large: boolean;
  label: ReactNode;
  labelClass?: string;
  value: ReactNode;
  change: ReactNode;
  trend: ReactNode;
}

/** What stands in a tile, line by line. A tile that is loading has the same lines, so nothing moves when it fills. */
function Lines({ large, label, labelClass = '', value, change, trend }: LinesProps): ReactNode {
  return (
    <>
      <h2
        className={`line-clamp-2 text-xs ${large ? '@max-md:min-h-7 @max-md:leading-3.5' : 'flex-1'} ${labelClass}`}
      >
        {label}
      </h2>
      {value}
      <p className="h-4 truncate text-2xs leading-4">{change}</p>
      {large && <div className="mt-auto h-[calc(100%-4.5rem)] max-h-16 min-h-7 pt-1">{trend}</div>}
    </>
  );
}

function Empty({ large, label }: { large: boolean; label: string }): ReactNode {
  return (
    <div className={TILE}>
      <Lines
        large={large}
        label={label}
        labelClass="text-ink-2"
        value={
          <span aria-hidden="true" className={`flex items-center ${valueSize(large)}`}>
            &nbsp;
            <Skeleton className="h-[1em] w-16 max-w-full" />
          </span>
        }
        change={<Skeleton className="mt-0.5 h-3 w-10" />}
        trend={<Skeleton className="h-full w-full" />}
      />
    </div>
  );
}
