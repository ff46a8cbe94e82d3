import { useState, type ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { OptionList, type Option } from '@/components/OptionList';
import { Pop } from '@/components/Pop';
import { explore as words } from '@/words';

/** Something that was chosen, which can be taken back. */
export function Chosen(props: {
  label: string;
  /** What it means. */
  hint?: string;
  onRemove: () => void;
  children?: ReactNode;
}): ReactNode {
  return (
    <span
      title={props.hint}
      className="inline-flex max-w-full min-w-0 items-center rounded-md border border-accent/40 bg-accent-soft text-accent"
    >
      {props.children ?? (
        <span className="min-w-0 truncate px-2.5 leading-7">
          <Name of={props.label} />
        </span>
      )}
      <button
        type="button"
        aria-label={words.remove(props.label)}
        title={words.remove(props.label)}
        onClick={props.onRemove}
        className="touch-target flex h-7 w-7 shrink-0 items-center justify-center rounded-md hover:bg-accent/12"
      >
        <Icon name="cross" size={12} />
      </button>
    </span>
  );
}

/** A list of names in the order in which they were chosen, and a searchable list of all others. */
export function Names(props: {
  add: string;
  chosen: { name: string; label: string; hint?: string }[];
  options: Option[];
  onChange: (names: string[]) => void;
  testId: string;
}): ReactNode {
  const { add, chosen, onChange } = props;
  const [open, setOpen] = useState(false);
  const names = chosen.map(({ name }) => name);
  return (
    <div className="flex flex-wrap gap-1.5" data-testid={props.testId}>
      {chosen.map(({ name, label, hint }) => (
        <Chosen
          key={name}
          label={label}
          hint={hint}
          onRemove={() => onChange(names.filter((other) => other !== name))}
        />
      ))}
      <Pop
        label={add}
        open={open}
        onOpenChange={setOpen}
        className="h-7!"
        trigger={
          <>
            <Icon name="plus" size={12} /> {chosen.length === 0 && add}
          </>
        }
      >
        <OptionList
          searchable
          multi
          label={add}
          selected={names}
          options={props.options}
          onPick={(name) =>
            onChange(
              names.includes(name) ? names.filter((other) => other !== name) : [...names, name],
            )
          }
        />
      </Pop>
    </div>
  );
}
