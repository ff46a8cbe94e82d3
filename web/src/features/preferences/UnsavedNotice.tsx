import type { ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { preferences as words } from '@/words';
import { dismissUnsaved, save, useUnsaved } from './prefer';

/** Says that a choice is only in this browser, because the server could not save it. */
export function UnsavedNotice(): ReactNode {
  const unsaved = useUnsaved();
  return (
    <div
      role="status"
      data-testid="unsaved"
      className="fixed inset-x-3 bottom-4 z-40 mx-auto flex w-fit flex-wrap items-center gap-2 rounded-md border border-line-strong bg-raised px-3 py-2 text-xs text-ink-2 empty:hidden max-md:bottom-18"
    >
      {unsaved && (
        <>
          <span className="min-w-0">{words.unsaved}</span>
          <Button small onClick={() => void save()}>
            {words.retry}
          </Button>
          <Button small kind="quiet" aria-label={words.dismiss} onClick={dismissUnsaved}>
            <Icon name="cross" size={12} />
          </Button>
        </>
      )}
    </div>
  );
}
