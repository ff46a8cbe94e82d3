import type { ReactNode } from 'react';
import type { PriceBook } from '@/api/settings';
import { present } from '@/lib/clock';
import { dateOnly } from '@/lib/zone';
import { prices as words } from '@/words';
import { useZone } from '../zone';
import { standing } from './book';
import { rate } from './columns';

const SAID = words.editor;

/** The prices that a model has already: which is in force, which were, and which are to come. */
export function KnownPrices(props: {
  book: PriceBook;
  of: { provider: string; model: string };
}): ReactNode {
  const { prices } = props.book;
  const { provider, model } = props.of;
  const zone = useZone();
  const known = prices.filter(
    (price) => price.provider === provider && (price.model ?? '') === model,
  );
  return (
    <section aria-label={SAID.known}>
      <h3 className="text-xs font-medium text-ink-2">{SAID.known}</h3>
      {known.length === 0 && <p className="text-ink-3">{SAID.knownNone}</p>}
      <ul data-testid="known-prices" className="flex flex-col">
        {known.map((price) => {
          const { state, from, until } = standing(price, prices, present());
          return (
            <li key={price.id} className="flex flex-wrap justify-between gap-x-3 border-t py-1">
              <span>
                {state === 'current'
                  ? words.standing.current
                  : words.standing[state](
                      dateOnly(state === 'past' ? (until ?? from) : from, zone),
                    )}
              </span>
              <span className="text-ink-2">
                {SAID.knownRate(rate(price.inputPerMillion), rate(price.outputPerMillion))}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
