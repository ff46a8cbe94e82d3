import { useState, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { OptionList, type Option } from '@/components/OptionList';
import { Pop } from '@/components/Pop';
import { TakesFocus } from '@/components/TakesFocus';
import { executions as words } from '@/words';
import type { View } from '../../view';
import {
  filterName,
  UNLIMITED,
  useChips,
  useDeclared,
  type Chip,
  type Choice,
  type Filtered,
  type FilterPatch,
} from './chips';
import { FilterEditor } from './FilterEditor';
import { stateLook } from '../state';
import { OFFERED, STATES } from './filters';

/** Whoever types a state finds the filter by status. */
const STATE_WORDS = STATES.map((state) => stateLook(state).label.toLowerCase()).join(' ');

interface Props {
  view: View;
  search: Filtered;
  onChange: (patch: FilterPatch) => void;
}

/** What the list is limited to, as a sentence of chips: each can be changed or removed. */
export function FilterChips(props: Props): ReactNode {
  const { view, search, onChange } = props;
  const chips = useChips(view, search);
  return (
    <div
      role="group"
      aria-label={words.filtering.subject}
      data-testid="filters"
      className="flex flex-wrap items-center gap-1.5"
    >
      <span className="text-ink-2">{words.filtering.subject}</span>
      {chips.map((chip) => (
        <ChipView key={chip.id} chip={chip} search={search} onChange={onChange} />
      ))}
      <AddFilter {...props} />
      {(chips.length > 0 || view.workflows.length > 0) && (
        <Button kind="quiet" small onClick={() => onChange(UNLIMITED)}>
          {words.list.clear}
        </Button>
      )}
    </div>
  );
}

function ChipView(props: {
  chip: Chip;
  search: Filtered;
  onChange: (patch: FilterPatch) => void;
}): ReactNode {
  const { id, says, name, editable, removed } = props.chip;
  const [open, setOpen] = useState(false);
  const text = <span className="min-w-0 truncate">{says}</span>;
  return (
    <span
      data-chip={id}
      className="inline-flex max-w-full min-w-0 items-center rounded-md border border-accent/40 bg-accent-soft text-accent"
    >
      {editable ? (
        <Pop
          kind="quiet"
          label={words.filtering.edit(name, says)}
          open={open}
          onOpenChange={setOpen}
          className="h-7! min-w-0 text-accent!"
          trigger={text}
        >
          <FilterEditor {...props} of={id} name={name} onDone={() => setOpen(false)} />
        </Pop>
      ) : (
        <span title={says} className="flex h-7 min-w-0 items-center px-2.5">
          {text}
        </span>
      )}
      <button
        type="button"
        aria-label={words.filtering.remove(name)}
        title={words.filtering.remove(name)}
        onClick={() => props.onChange(removed)}
        className="touch-target flex h-7 w-7 shrink-0 items-center justify-center rounded-md hover:bg-accent/12"
      >
        <Icon name="cross" size={12} />
      </button>
    </span>
  );
}

/** Adds a filter: first which, then its value. */
function AddFilter({ view, search, onChange }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Choice | null>(null);
  const { declared } = useDeclared(view.project.id);
  const offered: (Option & { value: Choice })[] = [
    ...(['workflow', 'env'] as const).map((id) => ({ value: id, label: filterName(id) })),
    ...OFFERED.map(({ id }) => ({
      value: id,
      label: filterName(id),
      keywords: id === 'status' ? STATE_WORDS : undefined,
    })),
    ...declared.map(({ id, label }) => ({
      value: id,
      label,
      detail: words.filtering.ofMetadata,
    })),
  ];
  const close = (): void => {
    setOpen(false);
    setChosen(null);
  };
  return (
    <Pop
      label={words.filtering.add}
      testId="add-filter"
      open={open}
      onOpenChange={(next) => (next ? setOpen(true) : close())}
      trigger={
        <>
          <Icon name="plus" size={12} /> {words.filtering.add}
        </>
      }
      className="h-7!"
    >
      {chosen === null ? (
        <OptionList
          searchable
          label={words.filtering.add}
          selected={[]}
          options={offered}
          onPick={(id) => setChosen(id as Choice)}
        />
      ) : (
        <TakesFocus key={chosen}>
          <FilterEditor
            of={chosen}
            name={offered.find(({ value }) => value === chosen)?.label ?? chosen}
            search={search}
            onChange={onChange}
            onDone={close}
          />
        </TakesFocus>
      )}
    </Pop>
  );
}
