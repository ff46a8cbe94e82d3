import { useId, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { INPUT } from '@/components/form/fields';
import { Icon } from '@/components/Icon';
import { segments } from '@/words';
import type { Catalogue } from '../../explore/catalogue';
import {
  metricsFor,
  propertiesFor,
  rangeText,
  type DraftCondition,
  type Subject,
} from './definition';

const words = segments.editor;
const METADATA = 'metadata.';

interface Props<C> {
  condition: C;
  of: Subject;
  catalogue: Catalogue;
  zone: string;
  onChange: (next: C) => void;
}

/** A field with its label above it. */
function Labelled(props: { label: string; children: (id: string) => ReactNode }): ReactNode {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium text-ink-2">
        {props.label}
      </label>
      {props.children(id)}
    </div>
  );
}

function Choice(props: {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}): ReactNode {
  return (
    <Labelled label={props.label}>
      {(id) => (
        <select
          id={id}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
          className={INPUT}
        >
          {props.options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

function Entry(props: {
  label: string;
  value: string;
  numeric?: boolean;
  hint?: string;
  onChange: (value: string) => void;
}): ReactNode {
  return (
    <Labelled label={props.label}>
      {(id) => (
        <>
          <input
            id={id}
            value={props.value}
            inputMode={props.numeric ? 'decimal' : undefined}
            autoComplete="off"
            maxLength={300}
            aria-describedby={props.hint ? `${id}-hint` : undefined}
            onChange={(event) => props.onChange(event.target.value)}
            className={INPUT}
          />
          {props.hint && (
            <p id={`${id}-hint`} className="text-xs text-ink-3">
              {props.hint}
            </p>
          )}
        </>
      )}
    </Labelled>
  );
}

/** Edits one condition of a segment. */
export function Condition(
  props: Props<DraftCondition> & { number: number; onRemove: () => void },
): ReactNode {
  const { condition, number, onRemove, onChange, ...rest } = props;
  return (
    <fieldset className="flex flex-col gap-2 rounded-md border p-3 pt-1">
      <legend className="sr-only">{words.condition(number)}</legend>
      <div className="flex items-center justify-between text-xs text-ink-3">
        <span aria-hidden="true">{words.condition(number)}</span>
        <Button kind="quiet" small aria-label={words.removeCondition(number)} onClick={onRemove}>
          <Icon name="cross" size={14} />
        </Button>
      </div>
      {condition.type === 'property' ? (
        <Property {...rest} condition={condition} onChange={onChange} />
      ) : (
        <Behaviour {...rest} condition={condition} onChange={onChange} />
      )}
    </fieldset>
  );
}

/** What they did: a figure, what it is compared with, and when it is counted. */
function Behaviour(props: Props<DraftCondition & { type: 'behaviour' }>): ReactNode {
  const { condition, of, catalogue, zone, onChange } = props;
  const unit = words.units[catalogue.metric(condition.metric).unit];
  const known = metricsFor(catalogue, of);
  const metrics = known.some(({ name }) => name === condition.metric)
    ? known
    : [catalogue.metric(condition.metric), ...known];
  return (
    <>
      <Choice
        label={words.metric}
        value={condition.metric}
        options={metrics.map(({ name, label }) => ({ value: name, label }))}
        onChange={(metric) => onChange({ ...condition, metric, filters: undefined })}
      />
      <div className="grid grid-cols-2 gap-2">
        <Choice
          label={words.comparison}
          value={condition.op}
          options={(['at_least', 'at_most', 'exactly'] as const).map((value) => ({
            value,
            label: segments.comparisons[value],
          }))}
          onChange={(op) => onChange({ ...condition, op: op as typeof condition.op })}
        />
        <Entry
          numeric
          label={unit ? words.valueIn(unit) : words.value}
          value={condition.value}
          onChange={(value) => onChange({ ...condition, value })}
        />
      </div>
      <Entry
        numeric
        label={words.days}
        value={condition.days}
        hint={condition.range && words.kept(rangeText(condition.range, zone))}
        onChange={(days) => onChange({ ...condition, days })}
      />
      {condition.filters && (
        <p className="text-xs text-ink-3">{words.filtered(condition.filters.length)}</p>
      )}
    </>
  );
}

/** What they are: a property, and the values that it has or has not. */
function Property(props: Props<DraftCondition & { type: 'property' }>): ReactNode {
  const { condition, of, catalogue, onChange } = props;
  const known = propertiesFor(catalogue, of);
  const named = known.some(({ name }) => name === condition.property);
  return (
    <>
      <Choice
        label={words.property}
        value={named ? condition.property : METADATA}
        options={[
          ...known.map(({ name, label }) => ({ value: name, label })),
          { value: METADATA, label: words.other },
        ]}
        onChange={(property) => onChange({ ...condition, property })}
      />
      {!named && (
        <Entry
          label={words.key}
          value={condition.property.replace(METADATA, '')}
          onChange={(key) => onChange({ ...condition, property: `${METADATA}${key.trim()}` })}
        />
      )}
      <Choice
        label={words.is}
        value={condition.op}
        options={(['in', 'not_in'] as const).map((value) => ({
          value,
          label: words.operators[value],
        }))}
        onChange={(op) => onChange({ ...condition, op: op as typeof condition.op })}
      />
      <Labelled label={words.values}>
        {(id) => (
          <textarea
            id={id}
            rows={2}
            value={condition.values}
            spellCheck={false}
            onChange={(event) => onChange({ ...condition, values: event.target.value })}
            className={`${INPUT} h-auto! py-2`}
          />
        )}
      </Labelled>
      <label className="flex items-center gap-2 pointer-coarse:py-2">
        <input
          type="checkbox"
          checked={condition.none}
          onChange={(event) => onChange({ ...condition, none: event.target.checked })}
          className="size-4 accent-accent"
        />
        {words.none}
      </label>
    </>
  );
}
