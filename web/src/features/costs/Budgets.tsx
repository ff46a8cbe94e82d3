import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import type { Budget, Budgets as List } from '@/api/costs';
import type { Unit } from '@/api/types';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { Tag } from '@/components/Tag';
import { exactFigure, figure, NO_VALUE, percent } from '@/lib/format';
import { costs as words } from '@/words';
import { usePermission } from '../session';
import type { View } from '../view';
import { BudgetDialog, DeleteBudget } from './BudgetDialog';

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

/** A budget that is being changed or deleted; null stands for a new one. */
interface Edited {
  budget: Budget | null;
  how: 'change' | 'delete';
}

/** The buttons that change a budget and delete it. */
const editColumn = (edit: (edited: Edited) => void): Column<Budget> => ({
  id: 'edit',
  header: '',
  className: 'w-px whitespace-nowrap',
  cell: (budget) => (
    <span className="flex justify-end">
      <Button
        kind="quiet"
        small
        aria-label={SAID.change(budget.name)}
        title={SAID.changeTitle}
        onClick={() => edit({ budget, how: 'change' })}
      >
        <Icon name="pencil" size={14} />
      </Button>
      <Button
        kind="quiet"
        small
        aria-label={SAID.deleteNamed(budget.name)}
        title={SAID.delete}
        onClick={() => edit({ budget, how: 'delete' })}
      >
        <Icon name="cross" size={14} />
      </Button>
    </span>
  ),
});

/** The budgets of a project: how much of each is used, what is expected, and which alerts were raised. */
export function Budgets(props: { view: View; query: UseQueryResult<List> }): ReactNode {
  const { query } = props;
  const { project } = props.view;
  const allowed = usePermission(project, 'manage_settings');
  const [edited, setEdited] = useState<Edited | null>(null);
  const columns = useMemo(
    () => (allowed ? [...COLUMNS, editColumn(setEdited)] : COLUMNS),
    [allowed],
  );
  return (
    <Card
      title={SAID.title}
      note={SAID.note}
      testId="budgets"
      className="col-span-full xl:col-span-6"
      actions={
        allowed && (
          <Button onClick={() => setEdited({ budget: null, how: 'change' })}>{SAID.add}</Button>
        )
      }
    >
      <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={3} />}>
        {({ budgets }) =>
          budgets.length === 0 ? (
            <EmptyNote>
              {SAID.nothing} {!allowed && SAID.ask}
            </EmptyNote>
          ) : (
            <DataTable
              label={SAID.title}
              columns={columns}
              rows={budgets}
              rowKey={(budget) => budget.id}
            />
          )
        }
      </QueryContent>
      {edited?.how === 'change' && (
        <BudgetDialog
          open
          projectId={project.id}
          budget={edited.budget}
          onClose={() => setEdited(null)}
        />
      )}
      {edited?.how === 'delete' && edited.budget && (
        <DeleteBudget
          open
          projectId={project.id}
          budget={edited.budget}
          onClose={() => setEdited(null)}
        />
      )}
    </Card>
  );
}
