import type { ReactNode } from 'react';
import type { CostForecast, Costs } from '@/api/costs';
import { Delta, type Comparability } from '@/components/Delta';
import { exactFigure, figure } from '@/lib/format';
import { costs as words } from '@/words';
import { Tiles, type Tile } from '../Tiles';

type Figure = number | null | undefined;

const money = (label: string, value: Figure, note: ReactNode): Tile => ({
  label,
  value: figure(value, 'usd'),
  exact: exactFigure(value, 'usd'),
  note,
});

function tilesOf(
  { current, previous, waste }: Costs,
  forecast: CostForecast | undefined,
  comparable: Comparability | undefined,
): Tile[] {
  const change = (now: Figure, before: Figure): ReactNode => (
    <Delta
      now={now ?? null}
      before={before ?? null}
      metric={{ unit: 'usd', goodDirection: 'down' }}
      comparable={comparable}
    />
  );
  const ahead = forecast?.total;
  const bounds =
    forecast &&
    ahead &&
    words.between(forecast.interval.level, figure(ahead.lower, 'usd'), figure(ahead.upper, 'usd'));
  return [
    money(words.total, current.totalCost, change(current.totalCost, previous.totalCost)),
    money(
      words.perExecution,
      current.costPerExecution,
      change(current.costPerExecution, previous.costPerExecution),
    ),
    money(words.perSuccess, current.costPerSuccessfulExecution, words.perSuccessNote),
    money(
      words.wasted,
      waste.cost,
      typeof waste.share === 'number' ? words.wastedShare(waste.share) : undefined,
    ),
    money(words.ahead, ahead?.value, bounds ?? forecast?.note),
  ];
}

/** What was spent, per execution and in vain, and what comes next. */
export function CostTiles(props: {
  label: string;
  costs: Costs;
  forecast: CostForecast | undefined;
  comparable: Comparability | undefined;
}): ReactNode {
  return (
    <Tiles label={props.label} tiles={tilesOf(props.costs, props.forecast, props.comparable)} />
  );
}
