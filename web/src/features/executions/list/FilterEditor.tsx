import { useState, type FormEvent, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { INPUT } from '@/components/form/fields';
import { OptionList } from '@/components/OptionList';
import { ErrorState } from '@/components/states';
import { duration } from '@/lib/format';
import { toggled } from '@/lib/list';
import { executions as words, figures } from '@/words';
import { useView } from '../../view';
import { durationFrom, FILTERS, STATES, type FilterId } from './filters';
import { stateLook } from '../state';
import { useValues } from './useValues';

interface Props {
  id: FilterId;
  value: string | undefined;
  /** Sets the filter; with `open`, the editor stays, because there is more to choose. */
  onSet: (value: string | undefined, open?: boolean) => void;
}

/** Chooses the value of a filter. */
export function FilterEditor(props: Props): ReactNode {
  const entry = FILTERS.find(({ id }) => id === props.id)?.entry;
  const name = words.filters[props.id]?.name ?? props.id;
  switch (entry?.kind) {
    case 'states':
      return (
        <OptionList
          multi
          label={name}
          selected={props.value?.split(',') ?? []}
          options={STATES.map((state) => ({ value: state, label: stateLook(state).label }))}
          onPick={(state) => props.onSet(toggled(props.value?.split(','), state)?.join(','), true)}
        />
      );
    case 'choice':
      return (
        <OptionList
          label={name}
          selected={props.value ? [props.value] : []}
          options={entry.choices.map((value) => ({
            value,
            label: words.filters[props.id]?.choices?.[value] ?? value,
          }))}
          onPick={(value) => props.onSet(value)}
        />
      );
    case 'value':
      return <Values {...props} name={name} dimension={entry.dimension} />;
    case 'text':
    case 'duration':
    case 'money':
      return <TextEntry {...props} name={name} kind={entry.kind} />;
    case 'link':
    case undefined:
      return null;
  }
}

/** The values that occur in the range, and a field for any other. */
function Values(props: Props & { name: string; dimension: string }): ReactNode {
  const view = useView();
  const { values, loading, error } = useValues(view, props.dimension, true);
  return (
    <>
      {error ? (
        <ErrorState what={props.name} error={error} onRetry={() => undefined} />
      ) : (
        <OptionList
          searchable
          label={props.name}
          empty={loading ? words.filtering.loadingValues : words.filtering.noValues}
          selected={props.value ? [props.value] : []}
          options={values}
          onPick={(value) => props.onSet(value)}
        />
      )}
      <div className="border-t">
        <TextEntry {...props} kind="text" quiet />
      </div>
    </>
  );
}

type Kind = 'text' | 'duration' | 'money';

/** The text that an entry stands for in the URL; null if it is not valid. */
function meant(kind: Kind, text: string): string | null {
  const trimmed = text.trim();
  if (kind === 'text') return trimmed || null;
  if (kind === 'money') return /^\d{1,12}(\.\d+)?$/.test(trimmed) ? trimmed : null;
  const ms = durationFrom(trimmed);
  return ms === null ? null : String(ms);
}

function TextEntry(props: Props & { name: string; kind: Kind; quiet?: boolean }): ReactNode {
  const { kind, name, value } = props;
  const shown = value === undefined ? '' : kind === 'duration' ? duration(Number(value)) : value;
  // A duration of two units cannot be typed back: it is shown in milliseconds.
  const initial =
    kind === 'duration' && value && durationFrom(shown) === null
      ? figures.milliseconds(value)
      : shown;
  const [text, setText] = useState(props.quiet ? '' : initial.replaceAll('\u00a0', ' '));
  const [refused, setRefused] = useState(false);
  const problem =
    kind === 'money' ? words.filtering.invalidAmount : words.filtering.invalidDuration;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const next = meant(kind, text);
    if (next === null && kind !== 'text') return setRefused(true);
    if (next !== null) props.onSet(next);
  };
  const id = `filter-${props.id}`;
  return (
    <form onSubmit={submit} className="flex w-72 max-w-full flex-col gap-1 p-2.5">
      <label htmlFor={id} className="text-xs font-medium text-ink-2">
        {name}
      </label>
      <div className="flex gap-1.5">
        <input
          id={id}
          value={text}
          maxLength={300}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={refused}
          aria-describedby={`${id}-note`}
          onChange={(event) => {
            setText(event.target.value);
            setRefused(false);
          }}
          className={INPUT}
        />
        <Button kind="primary" type="submit" className="h-9!">
          {words.filtering.apply}
        </Button>
      </div>
      <p
        id={`${id}-note`}
        role={refused ? 'alert' : undefined}
        className={`text-xs ${refused ? 'text-bad' : 'text-ink-3'}`}
      >
        {refused ? problem : words.filters[props.id]?.hint}
      </p>
    </form>
  );
}
