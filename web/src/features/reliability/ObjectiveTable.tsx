import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Objective, Standings } from '@/api/reliability';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, parseSort, type Column, type Sort } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import { Tag } from '@/components/Tag';
import { counted, exactFigure, figure, multiple, NO_VALUE, percent } from '@/lib/format';
import { frameOf, type PageSearch } from '@/lib/search';
import { nouns, reliability as words, workflow } from '@/words';
import { usePageSearch, useSetSearch } from '../view';
import type { ServiceSearch } from '../workflow/search';
import { bounded, budgetLeft, isJudged, isSlow } from '../workflow/service/summary';
import { Whisker } from '../workflow/versions/Whisker';
import { nameOf, runsOutWords, scaleFrom, severity } from './objectives';
import { useReliabilitySearch } from './search';

const SAID = words.objectives;
const SERVICE = workflow.service;
/** How many service levels the table shows before all are asked for. */
const FEW_ROWS = 12;

/** The link to the objective of a workflow; that of the project is on this page. */
function Subject(objective: Objective): ReactNode {
  const { workflowId } = objective;
  const name = nameOf(objective);
  if (workflowId == null) return <span className="font-medium">{name}</span>;
  return (
    <Link
      to="/workflows/$id/service-level"
      params={{ id: workflowId }}
      search={(previous: PageSearch & ServiceSearch) => ({
        ...frameOf(previous),
        window: previous.window,
        workflow: undefined,
      })}
      className="after:absolute after:inset-0 hover:underline"
    >
      <Name cut of={name} />
    </Link>
  );
}

/** How fast the budget is spent, in words. */
function paceWords({ pace, config }: Objective): string {
  if (pace.runs === 0) return SAID.noPace;
  const runs = counted(pace.runs, nouns.run);
  if (pace.runs < config.minimumRuns) return SAID.fewForPace(runs, pace.window);
  return typeof pace.burnRate === 'number'
    ? SAID.pace(multiple(pace.burnRate, 1), pace.window, runs)
    : SAID.noPace;
}

const successWords = ({ current, config }: Objective): string =>
  [
    exactFigure(current.successPct, 'percent'),
    bounded(current.bounds),
    SERVICE.targetIs(percent(config.targetSuccessPct)),
    counted(current.totalRuns, nouns.run),
  ]
    .filter(Boolean)
    .join(', ');

function SuccessWhisker({ of: { current }, from }: { of: Objective; from: number }): ReactNode {
  const { successPct, bounds, verdict } = current;
  const known = typeof successPct === 'number' && bounds;
  return (
    <Whisker
      of={known ? { value: successPct, lower: bounds.lowerPct, upper: bounds.upperPct } : null}
      from={from}
      to={100}
      tone={verdict === 'met' ? 'good' : verdict === 'violated' ? 'bad' : undefined}
      className="block w-full min-w-16"
    />
  );
}

/** The colour of the budget that is left; grey where there are too few runs to speak of it. */
function barToken(objective: Objective, left: number): string {
  if (!isJudged(objective)) return '--ink-3';
  return left > 25 ? '--good' : '--waiting';
}

/** The order of the answer: the one that runs out of error budget first on top. */
const FIRST_OUT: Sort = { by: 'runs_out', direction: 'asc' };

const columnsOf = (objectives: Objective[]): Column<Objective>[] => {
  const from = scaleFrom(objectives);
  const ranks = new Map(objectives.map((objective, rank) => [objective, rank]));
  return [
    {
      id: 'objective',
      header: SAID.objective,
      sortBy: nameOf,
      className: 'max-w-56 py-1 max-md:max-w-36',
      tells: true,
      cell: (objective) => (
        <>
          <Subject {...objective} />
          <span className="block text-2xs text-ink-3">
            {SAID.target(
              exactFigure(objective.config.targetSuccessPct, 'percent'),
              SERVICE.levels[objective.config.level],
            )}
          </span>
        </>
      ),
    },
    {
      id: 'verdict',
      header: SAID.verdict,
      sortBy: severity,
      wideOnly: true,
      cell: (objective) => {
        const { verdict } = objective.current;
        if (verdict === 'violated' || !isSlow(objective)) {
          const tone = verdict === 'violated' ? 'bad' : 'plain';
          return <Tag tone={tone}>{SERVICE.verdicts[verdict]}</Tag>;
        }
        return <Tag tone="bad">{SAID.tooSlow}</Tag>;
      },
    },
    {
      id: 'success',
      header: SAID.success,
      numeric: true,
      first: 'asc',
      sortBy: ({ current }) => current.successPct ?? null,
      cell: ({ current }) => figure(current.successPct, 'percent'),
      exact: successWords,
    },
    {
      id: 'whisker',
      header: '',
      widestOnly: true,
      className: 'w-[16%]',
      cell: (objective) => <SuccessWhisker of={objective} from={from} />,
    },
    {
      id: 'left',
      header: SAID.left,
      numeric: true,
      first: 'asc',
      sortBy: budgetLeft,
      wideOnly: true,
      cell: (objective) => {
        const left = budgetLeft(objective);
        return left === null ? NO_VALUE : left > 0 ? percent(left) : SERVICE.overspent;
      },
      exact: ({ current }) =>
        SERVICE.allowed(String(current.failedRuns), String(current.allowedFailures)),
    },
    {
      id: 'bar',
      header: '',
      wideOnly: true,
      className: 'w-[10%]',
      cell: (objective) => {
        const left = budgetLeft(objective) ?? 0;
        return <InlineBar share={left / 100} color={`var(${barToken(objective, left)})`} />;
      },
    },
    {
      id: FIRST_OUT.by,
      header: SAID.runsOut,
      numeric: true,
      first: 'asc',
      sortBy: (objective) => ranks.get(objective) ?? null,
      cell: runsOutWords,
      exact: paceWords,
    },
    {
      id: 'in_time',
      header: SAID.inTime,
      numeric: true,
      first: 'asc',
      sortBy: ({ current }) => current.latency.inTimePct ?? null,
      wideOnly: true,
      cell: ({ current }) => (
        <span className={current.latency.verdict === 'violated' ? 'text-bad' : ''}>
          {figure(current.latency.inTimePct, 'percent')}
        </span>
      ),
      exact: ({ current }) =>
        SAID.latency(
          figure(current.latency.thresholdMs, 'milliseconds'),
          bounded(current.latency.bounds),
        ),
    },
  ];
};

/** Every objective, at first the one that runs out of error budget first on top. */
export function ObjectiveTable({ query }: { query: QueryState<Standings> }): ReactNode {
  const { data } = query;
  const [{ rows }, set] = useReliabilitySearch();
  const { sort: asked } = usePageSearch();
  const setSearch = useSetSearch();
  const sort = parseSort(asked, FIRST_OUT);
  const all = rows === 'all';
  const cut = data !== undefined && data.total > data.targets.length;
  return (
    <Card
      title={SAID.title}
      note={cut ? SAID.cut(data.targets.length, data.total) : asked ? undefined : SAID.note}
      testId="objectives"
      className="col-span-full"
    >
      <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={FEW_ROWS} />}>
        {({ targets }) => (
          <>
            <DataTable
              label={SAID.title}
              columns={columnsOf(targets)}
              rows={targets}
              sort={sort}
              onSort={({ by, direction }) =>
                setSearch({ sort: `${by}.${direction}` }, { replace: true })
              }
              rowKey={({ workflowId }) => workflowId ?? 'project'}
              limit={all ? undefined : FEW_ROWS}
            />
            {targets.length > FEW_ROWS && (
              <p className="border-t px-4 py-2">
                <Button small onClick={() => set({ rows: all ? undefined : 'all' })}>
                  {all ? SAID.showFew(FEW_ROWS) : SAID.showAll(targets.length)}
                </Button>
              </p>
            )}
          </>
        )}
      </QueryContent>
    </Card>
  );
}
