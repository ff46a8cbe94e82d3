import { useState, type ReactNode } from 'react';
import { OptionList } from '@/components/OptionList';
import { ErrorState } from '@/components/states';
import { TakesFocus } from '@/components/TakesFocus';
import { toggled } from '@/lib/list';
import { executions as words } from '@/words';
import { useView, type View } from '../../view';
import { stateLook } from '../state';
import type { Choice, FilterPatch, Filtered } from './chips';
import { TextEntry } from './Entry';
import { FILTERS, STATES } from './filters';
import { isDimension, valuesOf, withValues } from './metadata';
import { useGroups, useValues, type Choices, type Counting } from './useValues';

interface Props {
  of: Choice;
  /** What people call the filter. */
  name: string;
  search: Filtered;
  onChange: (patch: FilterPatch) => void;
  /** Is called when there is nothing more to choose. */
  onDone: () => void;
}

/** Chooses the value of a filter. */
export function FilterEditor(props: Props): ReactNode {
  const { of, name, search, onChange, onDone } = props;
  if (of === 'workflow' || of === 'env') return <FrameValues {...props} of={of} />;
  if (isDimension(of)) {
    const values = valuesOf(search, of);
    return (
      <Values
        {...props}
        dimension={of}
        selected={values}
        multi
        onPick={(value) => onChange(withValues(search, of, toggled(values, value) ?? []))}
      />
    );
  }
  const value = search[of];
  const text = words.filters[of];
  const set = (next: string): void => {
    onChange({ [of]: next });
    onDone();
  };
  const entry = FILTERS.find(({ id }) => id === of)?.entry;
  switch (entry?.kind) {
    case 'states':
      return (
        <OptionList
          multi
          label={name}
          selected={value?.split(',') ?? []}
          options={STATES.map((state) => ({ value: state, label: stateLook(state).label }))}
          onPick={(state) => onChange({ status: toggled(value?.split(','), state)?.join(',') })}
        />
      );
    case 'choice':
      return (
        <OptionList
          label={name}
          selected={value ? [value] : []}
          options={entry.choices.map((choice) => ({
            value: choice,
            label: text?.choices?.[choice] ?? choice,
          }))}
          onPick={set}
        />
      );
    case 'value':
      return (
        <Values
          {...props}
          dimension={entry.dimension}
          metric={'metric' in entry ? entry.metric : undefined}
          selected={value ? [value] : []}
          onPick={set}
        />
      );
    case 'group':
      return <Groups name={name} selected={value} onPick={set} />;
    case 'pair':
      return <Pair {...props} />;
    case 'text':
    case 'duration':
    case 'money':
      return (
        <TextEntry
          id={of}
          name={name}
          kind={entry.kind}
          value={value}
          hint={text?.hint}
          onSet={set}
        />
      );
    case 'link':
    case undefined:
      return null;
  }
}

/** The values that occur in the range, and a field for any other. */
function Values(props: {
  of: string;
  name: string;
  dimension: string;
  metric?: Counting;
  view?: View;
  multi?: boolean;
  selected: string[];
  onPick: (value: string) => void;
}): ReactNode {
  const own = useView();
  const found = useValues(props.view ?? own, props.dimension, true, props.metric);
  // What is chosen can be taken back even if it does not occur in the range.
  const missing = props.selected.filter((value) => !found.values.some((of) => of.value === value));
  const values = [...missing.map((value) => ({ value, label: value })), ...found.values];
  return (
    <>
      <List {...props} found={found.loading ? found : { ...found, values }} />
      <div className="border-t">
        <TextEntry
          id={props.of}
          name={words.filtering.other}
          kind="text"
          value={undefined}
          onSet={props.onPick}
        />
      </div>
    </>
  );
}

function List(props: {
  name: string;
  found: Choices;
  multi?: boolean;
  selected: string[];
  onPick: (value: string) => void;
}): ReactNode {
  const { found, name } = props;
  if (found.error) {
    return <ErrorState what={name} error={found.error} onRetry={found.retry} />;
  }
  return (
    <OptionList
      searchable
      multi={props.multi}
      label={name}
      empty={found.loading ? words.filtering.loadingValues : words.filtering.noValues}
      selected={props.selected}
      options={found.values}
      onPick={props.onPick}
    />
  );
}

/** The workflows or environments of the range; both also limit the other pages. */
function FrameValues(props: Props & { of: 'workflow' | 'env' }): ReactNode {
  const view = useView();
  const { of, search, onChange, onDone } = props;
  const wide = of === 'workflow' ? { ...view, workflows: [] } : { ...view, env: undefined };
  const selected = of === 'workflow' ? search.workflow : search.env;
  return (
    <Values
      of={of}
      name={props.name}
      view={wide}
      dimension={of === 'workflow' ? 'workflow' : 'environment'}
      selected={[selected ?? []].flat()}
      onPick={(value) => {
        onChange(of === 'workflow' ? { workflow: [value] } : { env: value });
        onDone();
      }}
    />
  );
}

function Groups(props: {
  name: string;
  selected: string | undefined;
  onPick: (value: string) => void;
}): ReactNode {
  const found = useGroups(useView(), true);
  return <List {...props} found={found} selected={props.selected ? [props.selected] : []} />;
}

/** Chooses a step, then the one that directly follows it. */
function Pair({ onChange, onDone }: Props): ReactNode {
  const [from, setFrom] = useState<string | null>(null);
  const steps = { of: 'step', dimension: 'step', metric: 'steps' as const, selected: [] };
  if (from === null) {
    return <Values key="from" {...steps} name={words.filtering.first} onPick={setFrom} />;
  }
  return (
    <TakesFocus key="to">
      <Values
        {...steps}
        name={words.filtering.then}
        onPick={(to) => {
          onChange({ fromStep: from, toStep: to });
          onDone();
        }}
      />
    </TakesFocus>
  );
}
