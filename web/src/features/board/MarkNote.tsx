import type { ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { interval } from '@/lib/zone';
import { changes as words } from '@/words';
import { markFrom } from '../mark';
import { usePageSearch, useSetSearch, useView } from '../view';

/** Says what the charts of the page mark, and takes the mark away. Shows nothing if the URL marks nothing. */
export function MarkNote(): ReactNode {
  const mark = markFrom(usePageSearch().mark);
  const { zone } = useView();
  const setSearch = useSetSearch();
  if (!mark) return null;
  return (
    <div
      data-testid="mark"
      className="mb-3 flex items-center gap-2 rounded-md border border-accent/40 bg-accent-soft py-0.5 pr-1 pl-3"
    >
      <Icon name="flag" size={14} />
      <p className="min-w-0 flex-1 py-1">
        <strong className="font-semibold">
          <Name of={mark.label || words.marked} />
        </strong>{' '}
        <span className="whitespace-nowrap text-ink-2">{interval(mark.at, mark.until, zone)}</span>
      </p>
      <Button
        kind="quiet"
        small
        aria-label={words.removeMark}
        title={words.removeMark}
        onClick={() => setSearch({ mark: undefined }, { replace: true })}
      >
        <Icon name="cross" size={14} />
      </Button>
    </div>
  );
}
