import type { ReactNode } from 'react';
import { RULE_KINDS, type Rule, type RuleKind } from '@/api/conformance';
import { processmap as words } from '@/words';
import { asKind, fromUnits, inUnits, needsOf, TIME_UNITS, type TimeUnit } from './rules';

/** A step that a rule can name. */
export interface StepChoice {
  id: string;
  name: string;
}

interface Props {
  number: number;
  rule: Rule;
  steps: StepChoice[];
  onChange: (rule: Rule) => void;
}

const FIELD =
  'h-8 min-w-0 max-w-full rounded-md border border-line-strong bg-surface px-1.5 text-ink pointer-coarse:h-10';

/** A rule as a sentence whose parts can be chosen: `O_SENT` · is never before · `O_CREATED`. */
export function RuleSentence(props: Props): ReactNode {
  const { rule, onChange } = props;
  const needs = needsOf(rule.kind);
  const label = (part: string): string => `${words.rules.number(props.number)}: ${part}`;
  const kind = (
    <select
      aria-label={label(words.rules.kind)}
      value={rule.kind}
      onChange={(event) => onChange(asKind(rule, event.target.value as RuleKind))}
      className={FIELD}
    >
      {RULE_KINDS.map((id) => (
        <option key={id} value={id}>
          {words.rules.kinds[id]}
        </option>
      ))}
    </select>
  );
  const step = (
    <StepSelect
      label={label(words.rules.step)}
      value={rule.step}
      steps={props.steps}
      onChange={(next) => onChange({ ...rule, step: next })}
    />
  );
  const leading = rule.kind === 'starts_with' || rule.kind === 'ends_with';
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-1.5">
      {leading ? kind : step}
      {leading ? step : kind}
      {needs.within && <Within {...props} label={label} />}
      {needs.times && (
        <>
          <input
            type="number"
            min={0}
            max={1000}
            aria-label={label(words.rules.times)}
            value={rule.times ?? 1}
            onChange={(event) => onChange({ ...rule, times: event.target.valueAsNumber })}
            className={`${FIELD} w-16 text-right`}
          />
          <span>{words.rules.timesWord(rule.times ?? 1)}</span>
        </>
      )}
      {needs.within && <span>{words.rules.by}</span>}
      {needs.other && (
        <StepSelect
          label={label(words.rules.other)}
          value={rule.other ?? ''}
          steps={props.steps}
          onChange={(next) => onChange({ ...rule, other: next })}
        />
      )}
    </div>
  );
}

function StepSelect(props: {
  label: string;
  value: string;
  steps: StepChoice[];
  onChange: (id: string) => void;
}): ReactNode {
  const known = props.value === '' || props.steps.some(({ id }) => id === props.value);
  return (
    <select
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      className={`${FIELD} max-w-56 font-medium ${props.value === '' ? 'text-ink-3' : ''}`}
    >
      <option value="" disabled>
        {words.rules.pick}
      </option>
      {/* A step that does not run in this range keeps its place in the rule. */}
      {!known && <option value={props.value}>{props.value}</option>}
      {props.steps.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Within({ rule, onChange, label }: Props & { label: (part: string) => string }): ReactNode {
  const { value, unit } = inUnits(rule.withinMs ?? 0);
  const change = (next: number, of: TimeUnit): void =>
    onChange({ ...rule, withinMs: Number.isFinite(next) ? fromUnits(next, of) : null });
  return (
    <>
      <input
        type="number"
        min={1}
        max={100000}
        aria-label={label(words.rules.within)}
        value={value || ''}
        onChange={(event) => change(event.target.valueAsNumber, unit)}
        className={`${FIELD} w-18 text-right`}
      />
      <select
        aria-label={label(words.rules.unit)}
        value={unit}
        onChange={(event) => change(value, event.target.value as TimeUnit)}
        className={FIELD}
      >
        {TIME_UNITS.map((id) => (
          <option key={id} value={id}>
            {words.rules.units[id]}
          </option>
        ))}
      </select>
    </>
  );
}
