import { useState, type ReactNode } from 'react';
import { Icon, type IconName } from './Icon';
import { OptionList, type Option } from './OptionList';
import { Pop } from './Pop';

interface Props {
  label: string;
  icon: IconName;
  text: string;
  options: Option[];
  selected: string;
  onPick: (value: string) => void;
  searchable?: boolean;
  testId?: string;
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
          <bdi className="max-w-60 truncate">{props.text}</bdi>
        </>
      }
    >
      <OptionList
        label={props.label}
        options={props.options}
        selected={[props.selected]}
        searchable={props.searchable}
        onPick={(value) => {
          setOpen(false);
          props.onPick(value);
        }}
      />
    </Pop>
  );
}
