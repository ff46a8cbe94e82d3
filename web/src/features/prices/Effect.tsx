import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { asProblem, problemMessage } from '@/api/client';
import { changePrices, type PriceInput, type PricesChanged } from '@/api/settings';
import { useDebounced } from '@/lib/debounced';
import { exactFigure, figure } from '@/lib/format';
import { prices } from '@/words';

const words = prices.effect;
/** Typing pauses this long before the server is asked, which works through all stored costs. */
const PAUSE_MS = 400;

/** A difference in dollars with its sign. */
export function signed(dollars: number): string {
  const size = figure(Math.abs(dollars), 'usd');
  return dollars < 0 ? `\u2212${size}` : `+${size}`;
}

/** What a change would do to stored costs, in words; it need not be known yet. */
export interface Effect {
  /** The effect of exactly these prices is known. */
  known: boolean;
  view: ReactNode;
}

/** Asks what it would change if the book had these prices; null while there is no such list. */
export function useEffectOf(projectId: string, version: number, list: PriceInput[] | null): Effect {
  const text = list && JSON.stringify(list);
  const asked = useDebounced(text, PAUSE_MS);
  const query = useQuery({
    queryKey: ['settings', 'prices', projectId, 'dry run', version, asked],
    enabled: asked !== null,
    retry: false,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const body = JSON.parse(asked ?? '[]') as PriceInput[];
      return changePrices(projectId, { prices: body, version, dryRun: true }, signal);
    },
  });
  const current = text === asked && !query.isPlaceholderData && !query.isFetching;
  const known = text !== null && current && query.isSuccess;
  return { known, view: effectView(text !== null, current, query) };
}

function effectView(
  asked: boolean,
  current: boolean,
  query: { data: PricesChanged | undefined; error: unknown },
): ReactNode {
  if (!asked) return words.ask;
  if (current && query.error) return words.failed(problemMessage(asProblem(query.error)));
  if (!query.data) return words.asking;
  return (
    <span className={current ? '' : 'text-ink-3'}>
      <Sentence of={query.data} />
    </span>
  );
}

function Sentence({ of }: { of: PricesChanged }): ReactNode {
  const { records, amountBefore, amountAfter } = of.restatement;
  if (records === 0) return words.none;
  return (
    <>
      <span className="font-medium">{words.records(records)}</span>
      <span title={exactFigure(amountAfter - amountBefore, 'usd')}>
        {words.total(signed(amountAfter - amountBefore))}
      </span>
      <span className="block text-xs">
        {words.sums(figure(amountBefore, 'usd'), figure(amountAfter, 'usd'))}
      </span>
    </>
  );
}

/** What a change did, in words. */
export function changed({ restatement }: PricesChanged): string {
  const { records, amountBefore, amountAfter } = restatement;
  return records === 0 ? words.doneNone : words.done(records, signed(amountAfter - amountBefore));
}

/** The place of the effect in a dialog: it is there before it is known, so that nothing jumps. */
export function EffectNote({ effect }: { effect: Effect }): ReactNode {
  return (
    <section aria-label={words.title} className="rounded-md bg-sunken px-3 py-2">
      <h3 className="text-xs font-medium text-ink-2">{words.title}</h3>
      <p role="status" data-testid="price-effect" data-known={effect.known} className="min-h-10">
        {effect.view}
      </p>
    </section>
  );
}
