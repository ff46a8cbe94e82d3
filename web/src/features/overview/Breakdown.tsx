import { useMemo, type ReactNode } from 'react';
import type { Row } from '@/api/types';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Delta, type Comparability } from '@/components/Delta';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { exact, exactFigure, figure, NO_VALUE, percent } from '@/lib/format';
import { overview as words } from '@/words';
import { ConnectorLink } from '../connectors/ConnectorLink';
import { useComparability } from '../coverage';
import { nameOf, numberOf, textOf } from '../rows';
import type { CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { ExploreLink } from '../explore/ExploreLink';

/** A figure by the dimension that explains it. */
export interface Split {
  title: string;
  header: string;
  dimension: string;
  metric: string;
  unit: 'count' | 'usd';
  token: string;
  /** What a missing value is called. */
  missing: string;
  empty: string;
  /** The metric that the figure is a part of, if its share of that says more than its share of the total. */
  of?: string;
}

const FAILURES: Split = {
  title: words.breakdown.failures,
  header: words.breakdown.connector,
  dimension: 'step_type',
  metric: 'steps_failed',
  unit: 'count',
  token: '--failed',
  missing: words.breakdown.noConnector,
  empty: words.breakdown.noFailures,
  of: 'steps',
};
const COST: Split = {
  title: words.breakdown.cost,
  header: words.breakdown.model,
  dimension: 'model',
  metric: 'cost',
  unit: 'usd',
  token: '--series-1',
  missing: words.breakdown.noModel,
  empty: words.breakdown.noCosts,
};
const SPLITS: Partial<Record<string, Split>> = {
  completed: FAILURES,
  success_rate: FAILURES,
  failed: FAILURES,
  crashed: FAILURES,
  cost: COST,
};

/** What explains a figure; undefined if durations do, which have a chart of their own. */
export const splitOf = (drawn: string): Split | undefined => SPLITS[drawn];

/** The largest parts of a figure, and the sum of the rest. */
export function breakdownQuery(view: Pick<View, 'range' | 'compare'>, split: Split): CardQuery {
  return {
    metrics: [split.metric, ...(split.of ? [split.of] : [])],
    dimensions: [split.dimension],
    orderBy: [{ metric: split.metric, direction: 'desc' }],
    limit: 8,
    other: true,
    ...(view.range.kind === 'all' ? {} : { compare: view.compare ?? 'previous_period' }),
  };
}

export interface Part {
  key: string;
  /** Null for the sum of what is not listed. */
  name: string | null;
  groups: number;
  value: number;
  before: number | null;
  share: number | null;
  /** Its other figures. */
  row: Row;
}

/** The parts of a figure, largest first, and last the sum of those that are not listed. */
export function partsOf(
  answer: Answer,
  split: Pick<Split, 'dimension' | 'metric' | 'missing' | 'of'>,
): Part[] {
  const value = (row: Row | undefined): number => numberOf(row, split.metric) ?? 0;
  const others = answer.other?.rows ?? [];
  const total = [...answer.rows, ...others].reduce((sum, row) => sum + value(row), 0);
  const past = new Map(
    (answer.comparison ?? []).map((row) => [textOf(row, split.dimension), value(row)]),
  );
  const shareOf = (row: Row): number | null => {
    const whole = split.of ? numberOf(row, split.of) : total;
    return whole ? (100 * value(row)) / whole : null;
  };
  const parts = answer.rows
    .filter((row) => value(row) > 0)
    .map((row): Part => {
      const name = textOf(row, split.dimension);
      return {
        key: name ?? '',
        name: name === null ? split.missing : nameOf(answer, split.dimension, name),
        groups: 1,
        value: value(row),
        before: answer.comparison ? (past.get(name) ?? 0) : null,
        share: shareOf(row),
        row,
      };
    });
  const rest = others.find((row) => value(row) > 0);
  if (!rest) return parts;
  return [
    ...parts,
    {
      key: 'other',
      name: null,
      groups: numberOf(rest, 'groups') ?? 0,
      value: value(rest),
      before: answer.comparison ? value(answer.other?.comparison?.[0]) : null,
      share: shareOf(rest),
      row: rest,
    },
  ];
}

/** What the figure that drives the main chart is made of. */
export function Breakdown(props: {
  split: Split;
  query: QueryState<Answer>;
  coverage: Answer | undefined;
}): ReactNode {
  const { split, query, coverage } = props;
  const comparable = useComparability(coverage, query.data?.query.range);
  return (
    <Card
      title={split.title}
      testId="breakdown"
      className="col-span-full xl:col-span-5"
      actions={
        <ExploreLink
          title={split.title}
          frame={query.data?.frame}
          query={(frame) => breakdownQuery(frame, split)}
        />
      }
    >
      <QueryContent what={split.title} query={query} skeleton={<TableSkeleton rows={8} />}>
        {(answer) => <Parts split={split} answer={answer} comparable={comparable} />}
      </QueryContent>
    </Card>
  );
}

function Parts(props: {
  split: Split;
  answer: Answer;
  comparable: Comparability | undefined;
}): ReactNode {
  const { split, answer, comparable } = props;
  const parts = useMemo(() => partsOf(answer, split), [answer, split]);
  const most = Math.max(...parts.map((part) => part.value), 0);
  const columns: Column<Part>[] = [
    {
      id: 'name',
      header: split.header,
      className: 'max-w-40 truncate',
      tells: true,
      cell: (part) =>
        part.name === null ? (
          <span className="text-ink-3">{words.breakdown.other(exact(part.groups))}</span>
        ) : split.dimension === 'step_type' && part.key !== '' ? (
          <ConnectorLink row type={part.key} />
        ) : (
          <Name cut of={part.name} />
        ),
    },
    {
      id: 'bar',
      header: '',
      className: 'w-1/5',
      wideOnly: true,
      cell: (part) =>
        part.name !== null && <InlineBar share={part.value / most} color={`var(${split.token})`} />,
    },
    {
      id: 'value',
      header: split.unit === 'usd' ? words.breakdown.spent : words.breakdown.failed,
      numeric: true,
      cell: (part) => figure(part.value, split.unit),
      exact: (part) => exactFigure(part.value, split.unit),
    },
    {
      id: 'share',
      header: split.of ? words.breakdown.share : words.breakdown.ofAll,
      numeric: true,
      cell: (part) => (part.share === null ? NO_VALUE : percent(part.share)),
    },
    ...(answer.comparison
      ? [
          {
            id: 'change',
            header: words.breakdown.change,
            numeric: true,
            exact: (part: Part) =>
              comparable?.possible === false
                ? comparable.reason
                : words.breakdown.before(exactFigure(part.before, split.unit)),
            cell: (part: Part) => (
              <span className="inline-flex justify-end">
                {part.before === 0 && comparable?.possible ? (
                  <span className="text-bad">{words.breakdown.new}</span>
                ) : (
                  <Delta
                    now={part.value}
                    before={part.before}
                    metric={{ unit: split.unit, goodDirection: 'down' }}
                    comparable={comparable}
                  />
                )}
              </span>
            ),
          },
        ]
      : []),
  ];
  if (parts.length === 0) return <EmptyNote>{split.empty}</EmptyNote>;
  return (
    <DataTable label={split.title} columns={columns} rows={parts} rowKey={(part) => part.key} />
  );
}
