import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CostForecast, Costs } from '@/api/costs';
import { Notice } from '@/components/Notice';
import { QueryContent } from '@/components/QueryContent';
import { costs as words } from '@/words';
import { CostBreakdown } from '../costs/CostBreakdown';
import { CostOverTime } from '../costs/CostOverTime';
import { CostTiles } from '../costs/CostTiles';
import { SplitPicker } from '../costs/SplitPicker';
import { useSplits } from '../costs/splits';
import { WasteBar } from '../costs/WasteBar';
import { useComparability, useCoverage } from '../coverage';
import { useWorkflow } from './context';
import { useRead, useSetTab } from '../read';
import type { CostSearch } from './search';
import { TilesSkeleton } from '../Tiles';

/** The costs of one workflow are not split by workflow. */
const WITHOUT = ['workflow'];

/** What a workflow costs: in total and per execution, over time, by what, how much was wasted, and what comes next. */
export function CostTab(): ReactNode {
  const { id, view } = useWorkflow();
  const search = useSearch({ from: '/frame/board/workflows/$id/cost' });
  const setTab = useSetTab<CostSearch>();
  const { splits, split } = useSplits(view, search.split, WITHOUT);
  const costs = useRead<Costs>(view, '/api/v1/analytics/costs', { workflowId: id });
  const forecast = useRead<CostForecast>(
    view,
    '/api/v1/analytics/costs/forecast',
    { workflowId: id },
    { ranged: false },
  );
  const coverage = useCoverage(view);
  const comparable = useComparability(coverage, costs.data?.range);
  return (
    <>
      {(costs.data?.current.unpricedRecords ?? 0) > 0 && (
        <Notice tone="warn" testId="unpriced">
          {words.unpriced.said(costs.data?.current.unpricedRecords ?? 0)}
        </Notice>
      )}
      <QueryContent what={words.ofWorkflow} query={costs} skeleton={<TilesSkeleton count={5} />}>
        {(data) => (
          <CostTiles
            label={words.ofWorkflow}
            costs={data}
            forecast={forecast.data}
            comparable={comparable}
          />
        )}
      </QueryContent>
      <div className="grid grid-cols-12 gap-3">
        <CostOverTime
          key={split.dimension}
          view={view}
          split={split}
          forecast={forecast.data}
          actions={
            <SplitPicker
              splits={splits}
              split={split}
              onPick={(dimension) => setTab({ split: dimension })}
            />
          }
        />
        <CostBreakdown
          key={`parts ${split.dimension}`}
          view={view}
          split={split}
          coverage={coverage}
        />
        <WasteBar query={costs} />
      </div>
    </>
  );
}
