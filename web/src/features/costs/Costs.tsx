import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, type ReactNode } from 'react';
import { budgetsQuery, type CostForecast, type Costs as Figures } from '@/api/costs';
import { pricesQuery } from '@/api/settings';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { Skeleton } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { figure, percent } from '@/lib/format';
import { when } from '@/lib/range';
import { costs as words, frame } from '@/words';
import { NoData } from '../board/Empty';
import { useComparability, useCoverage } from '../coverage';
import { usePriceEditor } from '../prices/usePriceEditor';
import { usePermission } from '../session';
import { useView, type View } from '../view';
import { useRead } from '../read';
import { TilesSkeleton } from '../Tiles';
import { budgetLines } from './ahead';
import { Budgets } from './Budgets';
import { CostBreakdown } from './CostBreakdown';
import { CostOverTime } from './CostOverTime';
import { CostTiles } from './CostTiles';
import { Day } from './Day';
import { Prices } from './Prices';
import { dayOf, periodOf, useCostsSearch } from './search';
import { SplitPicker } from './SplitPicker';
import { useSplits } from './splits';
import { Tokens } from './Tokens';
import { Unpriced } from './Unpriced';
import { WasteBar } from './WasteBar';
import { Wasteful } from './Wasteful';

/** What everything costs: how much, over time, who and what spends it, what is wasted, and what may be spent. */
export function Costs(): ReactNode {
  const view = useView();
  // The API takes one workflow: if several are chosen, the page is about all of them.
  const several = view.workflows.length > 1;
  const shown = useMemo(() => (several ? { ...view, workflows: [] } : view), [several, view]);
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(words.title)}</title>
      <h1 className="sr-only">{words.title}</h1>
      {view.extent === null ? <NoData view={view} /> : <Cards view={shown} several={several} />}
    </div>
  );
}

function Cards({ view, several }: { view: View; several: boolean }): ReactNode {
  const workflowId = view.workflows[0];
  const [{ leaveOut }] = useCostsSearch();
  const costs = useRead<Figures>(view, '/api/v1/analytics/costs', { workflowId });
  const forecast = useRead<CostForecast>(
    view,
    '/api/v1/analytics/costs/forecast',
    { workflowId, leaveOut: leaveOut?.join(',') },
    { ranged: false },
  ).data;
  const coverage = useCoverage(view);
  const comparable = useComparability(coverage, costs.data?.range);
  const budgets = useQuery(budgetsQuery(view.project.id));
  const book = useQuery(pricesQuery(view.project.id));
  // What it changed is said where the task was, which may be gone then.
  const task = usePriceEditor(view.project.id, book.data);
  const allowed = usePermission(view.project, 'manage_settings');
  const unpriced = costs.data?.current.unpricedRecords ?? 0;
  return (
    <>
      <Sentence query={costs} several={several} />
      {task.note}
      {unpriced > 0 && (
        <Unpriced view={view} count={unpriced} onSet={allowed ? task.set : undefined} />
      )}
      <QueryContent what={words.title} query={costs} skeleton={<TilesSkeleton count={5} />}>
        {(data) => (
          <CostTiles label={words.title} costs={data} forecast={forecast} comparable={comparable} />
        )}
      </QueryContent>
      <div className="grid grid-cols-12 gap-3">
        <WasteBar query={costs} />
        <OverTime
          view={view}
          forecast={forecast}
          coverage={coverage}
          budgets={budgets.data?.budgets}
        />
        <Wasteful view={view} query={costs} />
        <Budgets view={view} query={budgets} />
        <Tokens query={costs} />
        <Prices projectId={view.project.id} query={book} allowed={allowed} />
      </div>
      {task.dialog}
    </>
  );
}

/** The chart with what explains it: the parts of its split, and the day that is open. */
function OverTime(props: {
  view: View;
  forecast: CostForecast | undefined;
  coverage: ReturnType<typeof useCoverage>;
  budgets: Parameters<typeof budgetLines>[0] | undefined;
}): ReactNode {
  const { view, budgets } = props;
  const [search, set] = useCostsSearch();
  const { splits, split } = useSplits(view, search.split);
  const limits = useMemo(() => budgetLines(budgets ?? [], view, view.granularity), [budgets, view]);
  const period = useMemo(() => periodOf(search.day, view), [search.day, view]);
  const { zone } = view;
  const open = useCallback((start: number) => set({ day: dayOf(start, zone) }), [set, zone]);
  return (
    <>
      <CostOverTime
        key={split.dimension}
        view={view}
        split={split}
        forecast={props.forecast}
        limits={limits}
        onOpen={open}
        actions={
          <SplitPicker
            splits={splits}
            split={split}
            onPick={(dimension) => set({ split: dimension })}
          />
        }
      />
      <CostBreakdown
        key={`parts ${split.dimension}`}
        view={view}
        split={split}
        coverage={props.coverage}
      />
      {period && (
        <Day
          view={view}
          period={period}
          leftOut={search.leaveOut}
          onLeaveOut={(leaveOut) => set({ leaveOut })}
          onClose={() => set({ day: undefined })}
        />
      )}
    </>
  );
}

/** The lines that the sentence may need are there before it is, so that nothing jumps. */
const SENTENCE = 'min-h-12 text-base leading-6 text-pretty sm:min-h-6';

/** What was spent and wasted, in words. */
function Sentence(props: { query: QueryState<Figures & Asked>; several: boolean }): ReactNode {
  const { data } = props.query;
  if (!data) {
    return props.query.isError ? null : (
      <div className={SENTENCE}>
        <Skeleton className="my-0.5 h-5 w-96 max-w-full" />
      </div>
    );
  }
  return (
    <p data-testid="sentence" className={SENTENCE}>
      {spent(data)}
      <span className="text-ink-2">
        {wasted(data)}
        {props.several && words.sentence.oneWorkflow}
      </span>
    </p>
  );
}

function spent({ current, frame: { range, extent, zone } }: Figures & Asked): string {
  const period = when(range, extent, zone);
  const { nothing, spent: said } = words.sentence;
  return current.totalCost > 0 ? said(figure(current.totalCost, 'usd'), period) : nothing(period);
}

function wasted({ current, waste }: Figures): string {
  if (current.totalCost <= 0) return '';
  const { wasted: said, end } = words.sentence;
  return waste.cost > 0 && typeof waste.share === 'number' ? said(percent(waste.share)) : end;
}
