import { useState, type ReactNode } from 'react';
import { Icon, type IconName } from './Icon';
import { OptionList, type Option } from './OptionList';
import { Pop } from './Pop';

interface Props {
  label: string;
  icon: IconName;
  text: string;
  /** What the button shows of the text, where its room is scarce. */
  short?: string;
  /** What there is to choose; a function where working it out takes time, called when the list opens. */
  options: Option[] | (() => Option[]);
  selected: string;
  onPick: (value: string) => void;
  searchable?: boolean;
  testId?: string;
}

/** The list, worked out once while it is open. */
function Options({ label, options, selected, searchable, onPick }: Props): ReactNode {
  const [given] = useState<Option[]>(options);
  return (
    <OptionList
      label={label}
      options={typeof options === 'function' ? given : options}
      selected={[selected]}
      searchable={searchable}
      onPick={onPick}
    />
  );
}

/** A button that shows the current choice and opens the list of options. */
export function Picker(props: Props): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <Pop
      label={`${props.label}: ${props.text}`}
      testId={props.testId}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <>
          <Icon name={props.icon} size={14} />
          <bdi className="max-w-60 truncate">{props.short ?? props.text}</bdi>
        </>
      }
    >
      <Options
        {...props}
        onPick={(value) => {
          setOpen(false);
          props.onPick(value);
        }}
      />
    </Pop>
  );
}
