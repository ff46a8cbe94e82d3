import type { ReactNode } from 'react';
import { Button } from '@/components/Button';
import { SelectField, TextField } from '@/components/form/fields';
import { duration, exactFigure } from '@/lib/format';
import { workflow as words } from '@/words';
import { WINDOWS } from '../search';
import { isPossible, type Texts } from './draft';
import type { Day, Draft } from './preview';
import { proposedP95, proposedSuccess } from './proposal';

const SAID = words.service;

/** The fields of a target, and what the past proposes for them. */
export function TargetFields(props: {
  texts: Texts;
  onChange: (patch: Partial<Texts>) => void;
  /** The target as typed; null while it is not complete. */
  draft: Draft | null;
  days: Day[] | undefined;
}): ReactNode {
  const { texts, onChange, draft, days } = props;
  const numberField = (
    name: Exclude<keyof Texts, 'window'>,
    label: string,
    hint: string,
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
      value={texts[name]}
      problem={isPossible(name, texts[name]) ? null : SAID.allowedValues[name]}
      onChange={(event) => onChange({ [name]: event.target.value })}
    />
  );
  const success = draft && days ? proposedSuccess(days, draft) : null;
  const p95 = draft && days ? proposedP95(days, draft) : null;
  return (
    <>
      {numberField('targetSuccessPct', SAID.successField, SAID.successHint, 'any')}
      {success !== null && (
        <Proposal
          value={exactFigure(success, 'percent')}
          why={SAID.proposal.success}
          testId="propose-success"
          onUse={() => onChange({ targetSuccessPct: String(success) })}
        />
      )}
      {numberField('errorBudgetPct', SAID.budgetField, SAID.budgetHint, 'any')}
      {numberField('targetP95Ms', SAID.p95Field, SAID.p95Hint, '1')}
      {p95 !== null && (
        <Proposal
          value={duration(p95)}
          why={SAID.proposal.p95}
          testId="propose-p95"
          onUse={() => onChange({ targetP95Ms: String(p95) })}
        />
      )}
      {draft && days && success === null && p95 === null && (
        <p className="text-xs text-ink-3">{SAID.proposal.none}</p>
      )}
      {numberField('minimumRuns', SAID.runsField, SAID.runsHint, '1')}
      <SelectField
        name="window"
        label={SAID.window}
        value={texts.window}
        onChange={(window) => onChange({ window })}
        options={WINDOWS.map((value) => ({ value, label: SAID.windows[value] }))}
      />
    </>
  );
}

/** A value that the past proposes for the field above it, and why. */
function Proposal(props: {
  value: string;
  why: string;
  testId: string;
  onUse: () => void;
}): ReactNode {
  return (
    <p className="-mt-2 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-ink-3">
      <Button small data-testid={props.testId} onClick={props.onUse}>
        {SAID.proposal.use(props.value)}
      </Button>
      {props.why}
    </p>
  );
}
