import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button, buttonClass } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { executions as words } from '@/words';
import { listOf } from '../search';
import { executionOf } from './selected';

/** Says how much has happened since the list was read, over the list rather than in it. */
export function FreshButton(props: { count: number; onShow: () => void }): ReactNode {
  const { count } = props;
  return (
    <div role="status" className="sticky top-14 z-20 flex h-0 justify-center max-lg:top-24">
      {count > 0 && (
        <Button
          kind="primary"
          data-testid="fresh"
          aria-label={words.list.freshLabel(count)}
          onClick={props.onShow}
          className="mt-1.5 shadow-md"
        >
          <Icon name="up" size={12} /> {words.list.fresh(count)}
        </Button>
      )}
    </div>
  );
}

/** Which rows are selected, by their keys, and what can be done with it; at the foot of the window, so that no row moves. */
export function SelectionBar(props: { chosen: string[]; onClear: () => void }): ReactNode {
  const [a, b] = props.chosen.map(executionOf);
  if (!a) return null;
  return (
    <div
      role="region"
      aria-label={words.list.chosen(props.chosen.length)}
      data-testid="selection"
      className="fixed inset-x-0 bottom-4 z-20 mx-auto flex w-fit max-w-[calc(100vw-24px)] items-center gap-3 rounded-lg border border-line-strong bg-raised px-3 py-2 shadow-md max-md:bottom-18"
    >
      <span aria-live="polite">{words.list.chosen(props.chosen.length)}</span>
      {b && (
        <Link
          to="/executions/compare"
          search={(previous) => ({ ...listOf(previous), a, b })}
          className={buttonClass('primary')}
        >
          <Icon name="compare" size={14} /> {words.list.compare}
        </Link>
      )}
      <Button
        kind="quiet"
        aria-label={words.list.unselect}
        title={words.list.unselect}
        onClick={props.onClear}
      >
        <Icon name="cross" size={14} />
      </Button>
    </div>
  );
}
