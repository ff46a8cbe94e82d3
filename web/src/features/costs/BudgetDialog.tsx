import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { budgetsQuery, changeBudgets, type Budget, type BudgetInput } from '@/api/costs';
import { Dialog } from '@/components/Dialog';
import { SelectField, TextField } from '@/components/form/fields';
import type { Values } from '@/components/form/values';
import { costs as words } from '@/words';
import { inputOf, percentsText, thresholdsFrom, withBudget, withoutBudget } from './budgetInput';

const SAID = words.budgets;
const LEVELS = ['project', 'workflow', 'user'] as const;
const PERIODS = ['day', 'week', 'month'] as const;

/** What a new budget has until something else is chosen: what the API has by default. */
const FRESH: BudgetInput = {
  name: '',
  amount: NaN,
  level: 'project',
  period: 'month',
  thresholds: [
    { basis: 'actual', percent: 80 },
    { basis: 'actual', percent: 100 },
    { basis: 'forecast', percent: 100 },
  ],
};

interface Props {
  projectId: string;
  /** The budget to change; null to add one. */
  budget: Budget | null;
  open: boolean;
  onClose: () => void;
}

/** The budget that a form describes; what the form does not show stays as it was. */
function budgetFrom(values: Values, before: BudgetInput): BudgetInput {
  const level = values.text('level') as BudgetInput['level'];
  return {
    ...before,
    name: values.text('name'),
    amount: Number(values.text('amount')),
    level,
    period: values.text('period') as BudgetInput['period'],
    workflowId: level === 'workflow' ? values.text('workflowId') : undefined,
    userId: level === 'user' ? values.text('userId') : undefined,
    thresholds: [
      ...thresholdsFrom(values.text('spentAt'), 'actual', 'spentAt'),
      ...thresholdsFrom(values.text('expectedAt'), 'forecast', 'expectedAt'),
    ],
  };
}

/** Adds a budget, or changes one. */
export function BudgetDialog({ projectId, budget, open, onClose }: Props): ReactNode {
  const client = useQueryClient();
  const before = budget ? inputOf(budget) : FRESH;
  const [level, setLevel] = useState(before.level ?? 'project');
  const thresholds = before.thresholds ?? [];
  // Those of an organisation are listed for whoever may change them.
  const levels = level === 'tenant' ? (['tenant', ...LEVELS] as const) : LEVELS;
  return (
    <Dialog
      title={budget ? SAID.changeTitle : SAID.addTitle}
      action={SAID.save}
      open={open}
      onClose={onClose}
      onSubmit={async (values) => {
        const changed = budgetFrom(values, before);
        await changeBudgets(projectId, (list) => withBudget(list, changed));
        onClose();
        await client.invalidateQueries(budgetsQuery(projectId));
      }}
    >
      <TextField
        name="name"
        label={SAID.fields.name}
        maxLength={200}
        autoComplete="off"
        defaultValue={before.name}
      />
      <TextField
        name="amount"
        label={before.metric === 'credits' ? SAID.fields.credits : SAID.fields.amount}
        type="number"
        inputMode="decimal"
        min={0}
        step="any"
        autoComplete="off"
        defaultValue={Number.isNaN(before.amount) ? '' : before.amount}
      />
      <SelectField
        name="period"
        label={SAID.fields.period}
        hint={SAID.fields.zone(before.timezone ?? 'UTC')}
        defaultValue={before.period}
        options={PERIODS.map((value) => ({ value, label: SAID.periodNames[value] }))}
      />
      <SelectField
        name="level"
        label={SAID.fields.level}
        value={level}
        onChange={(value) => setLevel(value as typeof level)}
        options={levels.map((value) => ({ value, label: SAID.levels[value] }))}
      />
      {level === 'workflow' && (
        <TextField
          name="workflowId"
          label={SAID.fields.workflow}
          autoComplete="off"
          defaultValue={before.workflowId ?? ''}
        />
      )}
      {level === 'user' && (
        <TextField
          name="userId"
          label={SAID.fields.user}
          autoComplete="off"
          defaultValue={before.userId ?? ''}
        />
      )}
      <TextField
        name="spentAt"
        label={SAID.fields.spentAt}
        hint={SAID.fields.percents}
        required={false}
        autoComplete="off"
        defaultValue={percentsText(thresholds, 'actual')}
      />
      <TextField
        name="expectedAt"
        label={SAID.fields.expectedAt}
        required={false}
        autoComplete="off"
        defaultValue={percentsText(thresholds, 'forecast')}
      />
    </Dialog>
  );
}

/** Asks before a budget is deleted. */
export function DeleteBudget(props: {
  projectId: string;
  budget: Budget;
  open: boolean;
  onClose: () => void;
}): ReactNode {
  const { projectId, budget, open, onClose } = props;
  const client = useQueryClient();
  return (
    <Dialog
      danger
      title={SAID.deleteTitle(budget.name)}
      lead={SAID.deleteLead}
      action={SAID.delete}
      open={open}
      onClose={onClose}
      onSubmit={async () => {
        await changeBudgets(projectId, (list) => withoutBudget(list, budget.id));
        onClose();
        await client.invalidateQueries(budgetsQuery(projectId));
      }}
    />
  );
}
