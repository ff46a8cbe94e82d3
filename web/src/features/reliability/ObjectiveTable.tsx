import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ServiceLevel } from '@/api/workflow';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { Sparkline } from '@/components/Sparkline';
import { TableSkeleton } from '@/components/states';
import { Tag } from '@/components/Tag';
import { counted, exactFigure, figure, multiple, NO_VALUE, percent } from '@/lib/format';
import { frameOf, type PageSearch } from '@/lib/search';
import { nouns, reliability as words, workflow } from '@/words';
import type { ServiceSearch } from '../workflow/search';
import { bounded, budgetLeft, isJudged, paceOf } from '../workflow/service/summary';
import { Whisker } from '../workflow/versions/Whisker';
import { runsOutWords, scaleFrom, soonestFirst, type Objective } from './objectives';
import { MOST, type Objectives } from './useObjectives';

const SAID = words.objectives;
const SERVICE = workflow.service;
/** How many of the windows that ended a sparkline shows. */
const SPARK_WINDOWS = 30;

/** The link to the objective of a workflow; that of the project is on this page. */
function Subject({ workflowId, name }: Objective): ReactNode {
  if (workflowId === null) return <span className="font-medium">{name}</span>;
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
function paceWords({ report }: Objective): string {
  const pace = paceOf(report);
  if (!pace || pace.runs === 0) return SAID.noPace;
  const runs = counted(pace.runs, nouns.run);
  if (pace.runs < report.config.minimumRuns) return SAID.fewForPace(runs, pace.window);
  return typeof pace.burnRate === 'number'
    ? SAID.pace(multiple(pace.burnRate, 1), pace.window, runs)
    : SAID.noPace;
}

const successWords = ({ report: { current, config } }: Objective): string =>
  [
    exactFigure(current.successPct, 'percent'),
    bounded(current.bounds),
    SERVICE.targetIs(percent(config.targetSuccessPct)),
    counted(current.totalRuns, nouns.run),
  ]
    .filter(Boolean)
    .join(', ');

function SuccessWhisker({ of: { report }, from }: { of: Objective; from: number }): ReactNode {
  const { successPct, bounds, verdict } = report.current;
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
function barToken(report: ServiceLevel, left: number): string {
  if (!isJudged(report)) return '--ink-3';
  return left > 25 ? '--good' : '--waiting';
}

const columnsOf = (from: number): Column<Objective>[] => [
  {
    id: 'objective',
    header: SAID.objective,
    className: 'max-w-56 py-1 max-md:max-w-36',
    tells: true,
    cell: (objective) => (
      <>
        <Subject {...objective} />
        <span className="block text-2xs text-ink-3">
          {SAID.target(
            exactFigure(objective.report.config.targetSuccessPct, 'percent'),
            SERVICE.levels[objective.report.config.level],
          )}
        </span>
      </>
    ),
  },
  {
    id: 'verdict',
    header: SAID.verdict,
    wideOnly: true,
    cell: ({ report: { current } }) => (
      <Tag tone={current.verdict === 'violated' ? 'bad' : 'plain'}>
        {SERVICE.verdicts[current.verdict]}
      </Tag>
    ),
  },
  {
    id: 'success',
    header: SAID.success,
    numeric: true,
    cell: ({ report }) => figure(report.current.successPct, 'percent'),
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
    wideOnly: true,
    cell: ({ report }) => {
      const left = budgetLeft(report);
      return left === null ? NO_VALUE : left > 0 ? percent(left) : SERVICE.overspent;
    },
    exact: ({ report: { current } }) =>
      SERVICE.allowed(String(current.failedRuns), String(current.allowedFailures)),
  },
  {
    id: 'bar',
    header: '',
    wideOnly: true,
    className: 'w-[10%]',
    cell: ({ report }) => {
      const left = budgetLeft(report) ?? 0;
      return <InlineBar share={left / 100} color={`var(${barToken(report, left)})`} />;
    },
  },
  {
    id: 'runsOut',
    header: SAID.runsOut,
    numeric: true,
    cell: ({ report }) => runsOutWords(report),
    exact: paceWords,
  },
  {
    id: 'history',
    header: SAID.history,
    widestOnly: true,
    className: 'w-[12%]',
    cell: ({ report: { history } }) =>
      history.length > 0 && (
        <Sparkline
          values={history
            .slice(0, SPARK_WINDOWS)
            .map(({ errorBudgetBurnPct }) => errorBudgetBurnPct ?? null)
            .reverse()}
        />
      ),
  },
  {
    id: 'slow',
    header: SAID.inTime,
    numeric: true,
    wideOnly: true,
    cell: ({ report: { current } }) => (
      <span className={current.latency.verdict === 'violated' ? 'text-bad' : ''}>
        {figure(current.latency.inTimePct, 'percent')}
      </span>
    ),
    exact: ({ report: { current } }) =>
      SAID.latency(
        figure(current.latency.thresholdMs, 'milliseconds'),
        bounded(current.latency.bounds),
      ),
  },
];

/** Every objective, the one that runs out of error budget first on top. */
export function ObjectiveTable(props: {
  query: QueryState<Objectives>;
  /** The objective of the project, once it is known. */
  project: Objective | undefined;
}): ReactNode {
  const { query, project } = props;
  const cut = query.data && query.data.workflows > MOST;
  return (
    <Card
      title={SAID.title}
      note={cut ? SAID.cut(MOST, query.data?.workflows ?? MOST) : SAID.note}
      testId="objectives"
      className="col-span-full"
    >
      <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={8} />}>
        {({ objectives }) => {
          const all = soonestFirst(project ? [project, ...objectives] : objectives);
          return (
            <DataTable
              label={SAID.title}
              columns={columnsOf(scaleFrom(all))}
              rows={all}
              presorted
              rowKey={({ workflowId }) => workflowId ?? 'project'}
            />
          );
        }}
      </QueryContent>
    </Card>
  );
}
