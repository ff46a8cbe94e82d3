import { useState, type ReactNode } from 'react';
import { Modal } from '@/components/Modal';
import { OptionList } from '@/components/OptionList';
import { useDebounced } from '@/lib/debounced';
import { usePanel } from '@/lib/panel';
import { frame } from '@/words';
import { useCommands } from './commands';

const words = frame.palette;
/** How long the typing must rest before anything is asked for. */
const REST_MS = 200;

/** Pages, workflows, users, error groups, executions and actions, found by typing part of their name. */
export function Palette(): ReactNode {
  const [open, setOpen] = usePanel('palette');
  return (
    <Modal
      label={words.label}
      open={open}
      onClose={() => setOpen(false)}
      className="max-w-lg [&>div]:w-full"
    >
      <Commands onDone={() => setOpen(false)} />
    </Modal>
  );
}

function Commands({ onDone }: { onDone: () => void }): ReactNode {
  const [text, setText] = useState('');
  const { commands, searching } = useCommands(true, useDebounced(text, REST_MS));
  return (
    <OptionList
      searchable
      label={words.label}
      placeholder={words.placeholder}
      selected={[]}
      options={commands}
      busy={searching ? words.searching : undefined}
      onSearch={setText}
      onPick={(value) => {
        onDone();
        commands.find((command) => command.value === value)?.run();
      }}
    />
  );
}
