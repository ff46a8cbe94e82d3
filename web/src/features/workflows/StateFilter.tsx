import { useMemo, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { compact } from '@/lib/format';
import { workflows as words } from '@/words';
import type { Entry } from './list';
import { useListSearch } from './search';
import { STATES } from './state';
import { StateTag } from './StateTag';

/** How many workflows are in each state; each of them filters the list. */
export function StateFilter({ entries }: { entries: Entry[] }): ReactNode {
  const [{ state: chosen }, set] = useListSearch();
  const counts = useMemo(() => {
    const all = new Map<string, number>();
    for (const { state } of entries) all.set(state, (all.get(state) ?? 0) + 1);
    return all;
  }, [entries]);
  return (
    <div
      role="group"
      aria-label={words.columns.state}
      className="scroll-edges flex flex-wrap gap-1 px-2.5 pb-2 max-md:flex-nowrap max-md:overflow-x-auto"
    >
      {STATES.filter((state) => counts.has(state) || state === chosen).map((state) => (
        <Button
          key={state}
          kind="quiet"
          small
          className="shrink-0"
          aria-pressed={state === chosen}
          title={words.why[state]}
          onClick={() => set({ state: state === chosen ? undefined : state, rows: undefined })}
        >
          <StateTag state={state} />
          <span className="font-medium text-ink">{compact(counts.get(state) ?? 0)}</span>
        </Button>
      ))}
      {chosen && (
        <Button kind="quiet" small onClick={() => set({ state: undefined })}>
          {words.allStates}
        </Button>
      )}
    </div>
  );
}
