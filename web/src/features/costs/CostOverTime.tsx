import { useCallback, type ReactNode } from 'react';
import type { CostForecast } from '@/api/costs';
import type { ChartData, Threshold } from '@/components/chart/model';
import type { Answer } from '@/lib/answer';
import { dateOnly } from '@/lib/zone';
import { costs as words } from '@/words';
import { perBucket } from '../board/TimeCharts';
import { ChartCard } from '../ChartCard';
import { useCardQuery, type CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { withForecast, withLimits } from './ahead';
import { costSeries, MOST_PARTS } from './costSeries';
import type { CostSplit } from './splits';

function costQuery(view: View, split: string): CardQuery {
  return {
    metrics: ['cost'],
    dimensions: [split],
    granularity: view.granularity,
    orderBy: [{ metric: 'cost', direction: 'desc' }],
    limit: MOST_PARTS,
    other: true,
  };
}

const NO_LIMITS: Threshold[] = [];

/** Which days the forecast ignores, in words; undefined if it ignores none. */
function without(forecast: CostForecast | undefined): string | undefined {
  if (!forecast || forecast.leftOut.length === 0) return undefined;
  const days = forecast.leftOut.map((date) => dateOnly(Date.parse(date), 'UTC'));
  return words.forecastWithout(days.join(', '));
}

/** What was spent over time by a dimension, what is expected, and what may be spent. */
export function CostOverTime(props: {
  view: View;
  split: CostSplit;
  forecast?: CostForecast;
  /** The budgets as lines. */
  limits?: Threshold[];
  onOpen?: (start: number) => void;
  actions: ReactNode;
}): ReactNode {
  const { view, split, forecast, limits = NO_LIMITS } = props;
  const query = useCardQuery(view, costQuery(view, split.dimension), true, 'later');
  const { dimension, none } = split;
  const chart = useCallback(
    (answer: Answer): ChartData => {
      const data = costSeries(answer, dimension, { none, other: words.others });
      return withLimits(withForecast(data, forecast), limits);
    },
    [dimension, none, forecast, limits],
  );
  return (
    <ChartCard
      id="cost"
      title={words.overTime}
      label={words.overTime}
      note={[perBucket(query.data), without(forecast)].filter(Boolean).join('; ')}
      about={props.onOpen && words.pickHint}
      empty={words.nothing}
      query={query}
      coverage={undefined}
      chart={chart}
      explore={{ query: costQuery(view, split.dimension), chart: 'bars' }}
      onOpen={props.onOpen}
      actions={props.actions}
      testId="cost-chart"
      className="col-span-full"
    />
  );
}
