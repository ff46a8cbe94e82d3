import type { ReactNode } from 'react';
import type { Price } from '@/api/settings';
import { Button } from '@/components/Button';
import type { Column } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { Tag } from '@/components/Tag';
import { exact, NO_VALUE } from '@/lib/format';
import { dateOnly } from '@/lib/zone';
import { prices as words } from '@/words';
import { RATES, standing, type Rate, type Rates } from './book';

export const rate = (of: number | null | undefined): string => (of == null ? NO_VALUE : String(of));

type TierRates = Rates & { abovePromptTokens: number };

/** A rate, and below it the rates for long prompts. */
function TieredRate(props: { price: Rates & { tiers: TierRates[] }; of: Rate }): ReactNode {
  const { price, of } = props;
  const tiers = price.tiers.filter((tier) => tier[of] != null);
  return (
    <>
      {rate(price[of])}
      {tiers.map((tier) => (
        <span key={tier.abovePromptTokens} className="block text-2xs text-ink-3">
          {words.above(rate(tier[of]), exact(tier.abovePromptTokens))}
        </span>
      ))}
    </>
  );
}

/** The model that a price is for, and below it its provider. */
export function modelColumn<T extends { provider: string; model?: string | null }>(): Column<T> {
  return {
    id: 'model',
    header: words.model,
    className: 'py-1 wrap-anywhere',
    cell: ({ provider, model }) => (
      <>
        <Name of={model ?? words.allOthers} />
        <span className="block text-2xs text-ink-3">
          <Name of={provider} />
        </span>
      </>
    ),
  };
}

export function rateColumns<T extends Rates & { tiers: TierRates[] }>(): Column<T>[] {
  return RATES.map(([of, wideOnly]) => ({
    id: of,
    header: words.rates[of],
    numeric: true,
    wideOnly,
    cell: (price) => <TieredRate price={price} of={of} />,
  }));
}

/** Whether a price is in force, and from when until when. */
function Standing(props: { price: Price; all: Price[]; now: number; zone: string }): ReactNode {
  const { price, all, now, zone } = props;
  const { state, from, until } = standing(price, all, now);
  if (state === 'coming') {
    return <Tag tone="accent">{words.standing.coming(dateOnly(from, zone))}</Tag>;
  }
  return (
    <>
      <Tag>
        {state === 'current'
          ? words.standing.current
          : words.standing.past(dateOnly(until ?? from, zone))}
      </Tag>
      <span className="block text-2xs text-ink-3">
        {words.since(dateOnly(from, zone))}
        {state === 'current' && until !== null && words.until(dateOnly(until, zone))}
      </span>
    </>
  );
}

/** The columns of a price book. */
export function bookColumns(all: Price[], now: number, zone: string): Column<Price>[] {
  return [
    modelColumn<Price>(),
    {
      id: 'state',
      header: words.state,
      className: 'py-1',
      cell: (price) => <Standing price={price} all={all} now={now} zone={zone} />,
    },
    ...rateColumns<Price>(),
    {
      id: 'call',
      header: words.perCall,
      numeric: true,
      wideOnly: true,
      cell: (price) => rate(price.perCall),
    },
    {
      id: 'unit',
      header: words.perUnit,
      numeric: true,
      wideOnly: true,
      cell: (price) =>
        price.unit ? `${rate(price.perUnit)} (${price.unit})` : rate(price.perUnit),
    },
    {
      id: 'currency',
      header: words.currency,
      wideOnly: true,
      cell: (price) => price.currency,
    },
  ];
}

/** What happens to a price. */
export interface Edited {
  how: 'set' | 'remove';
  price: Price;
}

/** The buttons that change a price and remove it. */
export function editColumn(zone: string, edit: (edited: Edited) => void): Column<Price> {
  const named = (price: Price): [string, string] => [
    price.model ?? price.provider,
    dateOnly(Date.parse(price.effectiveFrom), zone),
  ];
  return {
    id: 'edit',
    header: '',
    className: 'w-px whitespace-nowrap',
    cell: (price) => (
      <span className="flex justify-end">
        <Button
          kind="quiet"
          small
          aria-label={words.editor.change(...named(price))}
          title={words.editor.changeTitle}
          onClick={() => edit({ how: 'set', price })}
        >
          <Icon name="pencil" size={14} />
        </Button>
        <Button
          kind="quiet"
          small
          aria-label={words.editor.remove(...named(price))}
          title={words.editor.removeAction}
          onClick={() => edit({ how: 'remove', price })}
        >
          <Icon name="cross" size={14} />
        </Button>
      </span>
    ),
  };
}
