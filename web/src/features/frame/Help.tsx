import type { ReactNode } from 'react';
import { Modal } from '@/components/Modal';
import { usePanel } from '@/lib/panel';
import { frame } from '@/words';
import { useShortcuts } from './hotkeys';

const words = frame.keys;

/** The list of all keyboard shortcuts. */
export function Help(): ReactNode {
  const [open, setOpen] = usePanel('help');
  const keys = useShortcuts();
  return (
    <Modal label={words.title} open={open} onClose={() => setOpen(false)} className="max-w-md">
      <div className="p-5">
        <h2 className="mb-3 text-base font-semibold">{words.title}</h2>
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
          {keys.map((entry) => (
            <div key={entry.does} className="contents">
              <dt className="flex gap-1">
                {entry.keys.map((key) => (
                  <kbd
                    key={key}
                    className="min-w-6 rounded border border-line-strong bg-sunken px-1.5 text-center font-mono text-xs leading-5"
                  >
                    {key}
                  </kbd>
                ))}
              </dt>
              <dd className="text-ink-2">{entry.does}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-4 text-xs text-ink-3">{words.pointer}</p>
      </div>
    </Modal>
  );
}
