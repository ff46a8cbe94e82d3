import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CostForecast, Costs } from '@/api/workflow';
import { Delta } from '@/components/Delta';
import { Notice } from '@/components/Notice';
import { Picker } from '@/components/Picker';
import { QueryContent } from '@/components/QueryContent';
import { exactFigure, figure } from '@/lib/format';
import { workflow as words } from '@/words';
import { useComparability, useCoverage } from '../coverage';
import { useWorkflow } from './context';
import { CostBreakdown } from './CostBreakdown';
import { CostOverTime } from './CostOverTime';
import { useRead, useSetTab } from './read';
import { SPLITS, type CostSearch } from './search';
import { Tiles, TilesSkeleton, type Tile } from './Tiles';
import { WasteBar } from './WasteBar';

const SAID = words.cost;

/** What a workflow costs: in total and per execution, over time, by what, how much was wasted, and what comes next. */
export function CostTab(): ReactNode {
  const { id, view } = useWorkflow();
  const { split = 'model' } = useSearch({ from: '/frame/board/workflows/$id/cost' });
  const setTab = useSetTab<CostSearch>();
  const costs = useRead<Costs>(view, '/api/v1/analytics/costs', { workflowId: id });
  const forecast = useRead<CostForecast>(
    view,
    '/api/v1/analytics/costs/forecast',
    { workflowId: id },
    { ranged: false },
  );
  const coverage = useCoverage(view);
  const comparable = useComparability(coverage, costs.data?.range);
  const splitBy = (
    <Picker
      label={SAID.splitBy}
      icon="layers"
      text={SAID.splits[split]}
      selected={split}
      options={SPLITS.map((value) => ({ value, label: SAID.splits[value] }))}
      onPick={(value) =>
        setTab({ split: value === 'model' ? undefined : (value as CostSearch['split']) })
      }
      testId="cost-split"
    />
  );
  return (
    <>
      {(costs.data?.current.unpricedRecords ?? 0) > 0 && (
        <Notice tone="warn" testId="unpriced">
          {SAID.unpriced(costs.data?.current.unpricedRecords ?? 0)}
        </Notice>
      )}
      <QueryContent what={SAID.title} query={costs} skeleton={<TilesSkeleton count={5} />}>
        {(data) => <Tiles label={SAID.title} tiles={tilesOf(data, forecast.data, comparable)} />}
      </QueryContent>
      <div className="grid grid-cols-12 gap-3">
        <CostOverTime key={split} view={view} split={split} actions={splitBy} />
        <CostBreakdown view={view} workflow={id} split={split} comparable={comparable} />
        <WasteBar query={costs} />
      </div>
    </>
  );
}

function tilesOf(
  { current, previous, waste }: Costs,
  forecast: CostForecast | undefined,
  comparable: ReturnType<typeof useComparability>,
): Tile[] {
  const change = (now: number | null | undefined, before: number | null | undefined): ReactNode => (
    <Delta
      now={now ?? null}
      before={before ?? null}
      metric={{ unit: 'usd', goodDirection: 'down' }}
      comparable={comparable}
    />
  );
  const money = (label: string, value: number | null | undefined, note: ReactNode): Tile => ({
    label,
    value: figure(value, 'usd'),
    exact: exactFigure(value, 'usd'),
    note,
  });
  const ahead = forecast?.total;
  return [
    money(SAID.total, current.totalCost, change(current.totalCost, previous.totalCost)),
    money(
      SAID.perExecution,
      current.costPerExecution,
      change(current.costPerExecution, previous.costPerExecution),
    ),
    money(SAID.perSuccess, current.costPerSuccessfulExecution, SAID.perSuccessNote),
    money(
      SAID.wasted,
      waste.cost,
      typeof waste.share === 'number' ? SAID.wastedShare(waste.share) : undefined,
    ),
    {
      label: SAID.ahead,
      value: figure(ahead?.value, 'usd'),
      exact: exactFigure(ahead?.value, 'usd'),
      note: ahead
        ? SAID.between(figure(ahead.lower, 'usd'), figure(ahead.upper, 'usd'))
        : forecast?.note,
    },
  ];
}
