import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { BUDGETS, type Budget, type Budgets as List } from '@/api/costs';
import type { Unit } from '@/api/types';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { Tag } from '@/components/Tag';
import { exactFigure, figure, NO_VALUE, percent } from '@/lib/format';
import { costs as words } from '@/words';

const SAID = words.budgets;

const unitOf = ({ metric }: Budget): Unit => (metric === 'credits' ? 'credits' : 'usd');

/** The colour of what is used: within the budget, expected to exceed it, or exceeded. */
export function usedToken({ spentPct, forecast }: Budget['current']): string {
  if (spentPct >= 100) return '--failed';
  return (forecast?.percent ?? 0) >= 100 ? '--waiting' : '--accent';
}

/** A threshold in words: `80 % spent, reached`. */
export function thresholdText({
  basis,
  percent: at,
  firedAt,
}: Budget['thresholds'][number]): string {
  const state = firedAt ? SAID.reached : SAID.notReached;
  return `${percent(at)} ${SAID.threshold[basis]}, ${state}`;
}

const COLUMNS: Column<Budget>[] = [
  {
    id: 'name',
    header: SAID.name,
    className: 'max-w-44 py-1',
    tells: true,
    cell: ({ name, level, workflowId, userId }) => (
      <>
        <Name cut of={name} />
        <span className="block text-2xs text-ink-3">
          {SAID.levels[level]} <Name of={workflowId ?? userId ?? ''} />
        </span>
      </>
    ),
  },
  {
    id: 'limit',
    header: SAID.limit,
    numeric: true,
    wideOnly: true,
    cell: (budget) => `${figure(budget.amount, unitOf(budget))} ${SAID.periods[budget.period]}`,
    exact: (budget) => exactFigure(budget.amount, unitOf(budget)),
  },
  {
    id: 'spent',
    header: SAID.spent,
    numeric: true,
    cell: (budget) => figure(budget.current.spent, unitOf(budget)),
    exact: (budget) => exactFigure(budget.current.spent, unitOf(budget)),
  },
  {
    id: 'used',
    header: SAID.used,
    numeric: true,
    cell: ({ current }) => percent(current.spentPct),
  },
  {
    id: 'bar',
    header: '',
    wideOnly: true,
    className: 'w-[14%]',
    cell: ({ current }) => (
      <InlineBar share={current.spentPct / 100} color={`var(${usedToken(current)})`} />
    ),
  },
  {
    id: 'expected',
    header: SAID.expected,
    numeric: true,
    wideOnly: true,
    cell: ({ current }) => (current.forecast ? percent(current.forecast.percent) : NO_VALUE),
  },
  {
    id: 'thresholds',
    header: SAID.thresholds,
    className: 'py-1',
    cell: ({ thresholds }) => (
      <ul className="flex flex-wrap gap-1">
        {thresholds.map((one) => (
          <li key={`${one.basis} ${one.percent}`}>
            <Tag tone={one.firedAt ? 'warn' : 'plain'}>{thresholdText(one)}</Tag>
          </li>
        ))}
      </ul>
    ),
  },
];

/** The budgets of a project: how much of each is used, what is expected, and which alerts were raised. */
export function Budgets({ query }: { query: UseQueryResult<List> }): ReactNode {
  return (
    <Card
      title={SAID.title}
      note={SAID.note}
      testId="budgets"
      className="col-span-full xl:col-span-6"
    >
      <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={3} />}>
        {({ budgets }) =>
          budgets.length === 0 ? (
            <EmptyNote>
              {SAID.nothing}{' '}
              {SAID.api(<code className="font-mono text-2xs">{SAID.request(BUDGETS)}</code>)}
            </EmptyNote>
          ) : (
            <DataTable
              label={SAID.title}
              columns={COLUMNS}
              rows={budgets}
              rowKey={(budget) => budget.id}
            />
          )
        }
      </QueryContent>
    </Card>
  );
}
