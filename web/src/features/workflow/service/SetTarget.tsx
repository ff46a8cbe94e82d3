import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { saveTarget, type ServiceLevel } from '@/api/workflow';
import { Dialog } from '@/components/Dialog';
import { SelectField, TextField } from '@/components/form/fields';
import { workflow as words } from '@/words';
import { WINDOWS } from '../search';

const SAID = words.service;

/** Sets the target of a workflow. */
export function SetTarget(props: {
  projectId: string;
  workflow: string;
  config: ServiceLevel['config'];
  open: boolean;
  onClose: () => void;
}): ReactNode {
  const { projectId, workflow, config } = props;
  const client = useQueryClient();
  const numberField = (
    name: string,
    label: string,
    hint: string,
    value: number,
    step: string,
  ): ReactNode => (
    <TextField
      name={name}
      label={label}
      hint={hint}
      type="number"
      inputMode="decimal"
      min={0}
      step={step}
      autoComplete="off"
      defaultValue={value}
    />
  );
  return (
    <Dialog
      title={SAID.change}
      lead={config.level === 'workflow' ? SAID.lead : SAID.leadFirst}
      action={SAID.save}
      open={props.open}
      onClose={props.onClose}
      onSubmit={async (values) => {
        await saveTarget({
          projectId,
          workflowId: workflow,
          targetSuccessPct: Number(values.text('targetSuccessPct')),
          errorBudgetPct: Number(values.text('errorBudgetPct')),
          targetP95Ms: Number(values.text('targetP95Ms')),
          minimumRuns: Number(values.text('minimumRuns')),
          window: values.text('window'),
        });
        props.onClose();
        await client.invalidateQueries({ queryKey: ['query', projectId] });
      }}
    >
      {numberField(
        'targetSuccessPct',
        SAID.successField,
        SAID.successHint,
        config.targetSuccessPct,
        'any',
      )}
      {numberField(
        'errorBudgetPct',
        SAID.budgetField,
        SAID.budgetHint,
        config.errorBudgetPct,
        'any',
      )}
      {numberField('targetP95Ms', SAID.p95Field, SAID.p95Hint, config.targetP95Ms, '1')}
      {numberField('minimumRuns', SAID.runsField, SAID.runsHint, config.minimumRuns, '1')}
      <SelectField
        name="window"
        label={SAID.window}
        defaultValue={config.window}
        options={WINDOWS.map((value) => ({ value, label: SAID.windows[value] }))}
      />
    </Dialog>
  );
}
