import { useState, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { OptionList } from '@/components/OptionList';
import { Pop } from '@/components/Pop';
import { executions as words } from '@/words';
import { useSetSearch, type View } from '../../view';
import { useWorkflowNames } from '../../workflowNames';
import type { ListSearch } from '../search';
import { FilterEditor } from './FilterEditor';
import { chipsOf, FILTERS, OFFERED, without, type FilterId } from './filters';
import { useValues } from './useValues';

interface Props {
  view: View;
  search: ListSearch;
  onChange: (patch: ListSearch) => void;
}

/** The filters by a step, which are named by it. */
const OF_STEPS = ['step', 'fromStep', 'toStep', 'firstStep', 'lastStep'] as const;

/** What the list is limited to, as a sentence of chips: each can be changed or removed. */
export function FilterChips(props: Props): ReactNode {
  const { view, search, onChange } = props;
  const setSearch = useSetSearch();
  const chips = chipsOf(search);
  const names = useWorkflowNames(view, view.workflows.length === 1);
  const byStep = OF_STEPS.some((id) => search[id] !== undefined);
  const steps = useValues(view, 'step', byStep);
  const nameOfStep = (id: string | undefined): string =>
    steps.values.find(({ value }) => value === id)?.label ?? id ?? '';
  const says = (id: FilterId): string => {
    const isStep = OF_STEPS.some((one) => one === id);
    const value = search[id] ?? '';
    return (
      words.filters[id]?.says(isStep ? nameOfStep(value) : value, nameOfStep(search.toStep)) ?? ''
    );
  };
  const [workflow] = view.workflows;
  const named = names.list.find(({ id }) => id === workflow)?.name ?? workflow;
  const any = chips.length > 0 || view.workflows.length > 0 || view.env !== undefined;
  const clear = (): void => {
    onChange(Object.fromEntries(FILTERS.map(({ id }) => [id, undefined])));
    setSearch({ workflow: undefined, env: undefined });
  };
  return (
    <div
      role="group"
      aria-label={words.filtering.subject}
      data-testid="filters"
      className="flex flex-wrap items-center gap-1.5"
    >
      <span className="text-ink-2">{words.filtering.subject}</span>
      {view.workflows.length === 1 && (
        <Chip
          name={words.filters.workflow?.name ?? ''}
          says={words.filters.workflow?.says(named ?? '', '') ?? ''}
          onRemove={() => setSearch({ workflow: undefined })}
        />
      )}
      {view.env !== undefined && (
        <Chip
          name={words.filters.environment?.name ?? ''}
          says={words.filters.environment?.says(view.env, '') ?? ''}
          onRemove={() => setSearch({ env: undefined })}
        />
      )}
      {chips.map((id) => (
        <Chip
          key={id}
          id={id}
          name={words.filters[id]?.name ?? id}
          says={says(id)}
          value={search[id]}
          onSet={(value) => onChange({ [id]: value })}
          onRemove={() => onChange(without(id))}
        />
      ))}
      <AddFilter search={search} onChange={onChange} />
      {any && (
        <Button kind="quiet" small onClick={clear}>
          {words.list.clear}
        </Button>
      )}
    </div>
  );
}

interface ChipProps {
  /** Absent if it is changed elsewhere. */
  id?: FilterId;
  name: string;
  says: string;
  value?: string;
  onSet?: (value: string | undefined) => void;
  onRemove: () => void;
}

function Chip(props: ChipProps): ReactNode {
  const [open, setOpen] = useState(false);
  const { id, says, name } = props;
  const editable = id && OFFERED.some((filter) => filter.id === id);
  const text = <span className="min-w-0 truncate">{says}</span>;
  return (
    <span
      data-chip={id ?? name}
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
          <FilterEditor
            id={id}
            value={props.value}
            onSet={(value, more) => {
              if (!more) setOpen(false);
              props.onSet?.(value);
            }}
          />
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
        onClick={props.onRemove}
        className="touch-target flex h-7 w-7 shrink-0 items-center justify-center rounded-md hover:bg-accent/12"
      >
        <Icon name="cross" size={12} />
      </button>
    </span>
  );
}

/** Adds a filter: first which, then its value. */
function AddFilter({ search, onChange }: Pick<Props, 'search' | 'onChange'>): ReactNode {
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<FilterId | null>(null);
  return (
    <Pop
      label={words.filtering.add}
      testId="add-filter"
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setChosen(null);
      }}
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
          options={OFFERED.map(({ id }) => ({
            value: id,
            label: words.filters[id]?.name ?? id,
          }))}
          onPick={(id) => setChosen(id as FilterId)}
        />
      ) : (
        <FilterEditor
          key={chosen}
          id={chosen}
          value={search[chosen]}
          onSet={(value, more) => {
            if (!more) setOpen(false);
            onChange({ [chosen]: value });
          }}
        />
      )}
    </Pop>
  );
}
