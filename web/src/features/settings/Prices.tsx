import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import {
  adoptStarterPrices,
  pricesQuery,
  starterPricesQuery,
  type Price,
  type StarterPrice,
} from '@/api/settings';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Dialog } from '@/components/Dialog';
import { TextField } from '@/components/form/fields';
import { Notice } from '@/components/Notice';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { Tag } from '@/components/Tag';
import { counted, exact, NO_VALUE } from '@/lib/format';
import { dateOnly, fromInput } from '@/lib/zone';
import { DateTime } from '../Time';
import { useZone } from '../zone';
import { ProjectChoice, useProjectWith } from './ProjectChoice';
import { Name } from '@/components/Name';
import { nouns, settings } from '@/words';

const words = settings.prices;

/** The prices for costs that are reported without an amount, and the starter price book. */
export function Prices(): ReactNode {
  const project = useProjectWith('manage_settings');
  return (
    <>
      <ProjectChoice permission="manage_settings" />
      <Book key={`book ${project.id}`} projectId={project.id} />
      <Starter key={`starter ${project.id}`} projectId={project.id} />
    </>
  );
}

/** The rates of a price, or of one of its tiers. */
interface Rates {
  inputPerMillion?: number | null;
  outputPerMillion?: number | null;
  cacheReadPerMillion?: number | null;
  cacheWritePerMillion?: number | null;
  reasoningPerMillion?: number | null;
}

type Rate = keyof Rates;

const rate = (of: number | null | undefined): string => (of == null ? NO_VALUE : String(of));

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

type TierRates = Rates & { abovePromptTokens: number };

/** The rates in their order, and whether each is hidden on narrow screens. */
const RATES: [Rate, boolean][] = [
  ['inputPerMillion', false],
  ['outputPerMillion', false],
  ['cacheReadPerMillion', true],
  ['cacheWritePerMillion', true],
  ['reasoningPerMillion', true],
];

function rates<T extends Rates & { tiers: TierRates[] }>(): Column<T>[] {
  return RATES.map(([of, wideOnly]) => ({
    id: of,
    header: words.rates[of],
    numeric: true,
    wideOnly,
    cell: (price) => <TieredRate price={price} of={of} />,
  }));
}

const BOOK: Column<Price>[] = [
  {
    id: 'provider',
    header: words.provider,
    className: 'py-1.5',
    cell: (price) => <Name of={price.provider} />,
  },
  {
    id: 'model',
    header: words.model,
    className: 'py-1.5 wrap-anywhere',
    cell: (price) => <Name of={price.model ?? words.allOthers} />,
  },
  { id: 'from', header: words.from, cell: (price) => <DateTime at={price.effectiveFrom} /> },
  ...rates<Price>(),
  {
    id: 'call',
    header: words.perCall,
    numeric: true,
    wideOnly: true,
    cell: (p) => rate(p.perCall),
  },
  {
    id: 'unit',
    header: words.perUnit,
    numeric: true,
    wideOnly: true,
    cell: (price) => (price.unit ? `${rate(price.perUnit)} (${price.unit})` : rate(price.perUnit)),
  },
  { id: 'currency', header: words.currency, wideOnly: true, cell: (price) => price.currency },
];

function Book({ projectId }: { projectId: string }): ReactNode {
  const zone = useZone();
  const query = useQuery(pricesQuery(projectId));
  return (
    <Card
      title={words.priceBook}
      note={query.data && words.versionRatesPerMillion(query.data.version)}
      testId="price-book"
    >
      <QueryContent what={words.priceBook2} query={query} skeleton={<TableSkeleton rows={4} />}>
        {(data) =>
          data.prices.length === 0 ? (
            <EmptyNote>{words.noPricesYetCosts}</EmptyNote>
          ) : (
            <>
              <DataTable
                label={words.prices}
                columns={BOOK}
                rows={data.prices}
                rowKey={(price) => price.id}
              />
              {data.exchangeRates.length > 0 && (
                <p className="flex flex-wrap gap-1 px-4 py-2 text-xs text-ink-2">
                  {data.exchangeRates.map((entry) => (
                    <Tag key={`${entry.currency} ${entry.effectiveFrom}`}>
                      {words.usdFrom(entry.currency, entry.dollars)}{' '}
                      {dateOnly(Date.parse(entry.effectiveFrom), zone)}
                    </Tag>
                  ))}
                </p>
              )}
            </>
          )
        }
      </QueryContent>
    </Card>
  );
}

const STARTER: Column<StarterPrice>[] = [
  {
    id: 'provider',
    header: words.provider,
    className: 'py-1.5',
    cell: (price) => <Name of={price.provider} />,
  },
  {
    id: 'model',
    header: words.model,
    className: 'py-1.5 wrap-anywhere',
    cell: (price) => <Name of={price.model ?? words.allOthers} />,
  },
  ...rates<StarterPrice>(),
  {
    id: 'state',
    header: '',
    cell: (price) => price.inBook && <Tag>{words.priceBook3}</Tag>,
  },
];

/** The start of a day (`2026-01-31`) in a zone, RFC 3339. Fails if the text is no day. */
function startOf(day: string, zone: string): string {
  const instant = fromInput(`${day}T00:00`, zone);
  if (instant === null) throw new Error(words.noDay(day));
  return new Date(instant).toISOString();
}

function Starter({ projectId }: { projectId: string }): ReactNode {
  const zone = useZone();
  const client = useQueryClient();
  const query = useQuery(starterPricesQuery(projectId));
  const [adopting, setAdopting] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const data = query.data;
  return (
    <Card
      title={words.starterPriceBook}
      note={data && words.asOf(data.asOf)}
      testId="starter-prices"
      actions={
        data &&
        data.toAdd > 0 && (
          <Button kind="primary" onClick={() => setAdopting(true)}>
            {words.adopt(counted(data.toAdd, nouns.price))}
          </Button>
        )
      }
    >
      {done && (
        <div className="px-4 pb-2">
          <Notice tone="good">{done}</Notice>
        </div>
      )}
      <QueryContent
        what={words.starterPriceBook2}
        query={query}
        skeleton={<TableSkeleton rows={4} />}
      >
        {(starter) => (
          <>
            <p className="px-4 pb-1 text-ink-2">{starter.note}</p>
            <ul className="px-4 pb-2 text-xs text-ink-3">
              {starter.sources.map((source) => (
                <li key={source.url} className="wrap-anywhere">
                  {source.name}: <span className="font-mono text-2xs">{source.url}</span>
                </li>
              ))}
            </ul>
            <details>
              <summary className="touch-target cursor-pointer px-4 pb-3 text-xs text-ink-2 pointer-coarse:py-3">
                {words.usDollarsPerMillion(counted(starter.prices.length, nouns.price))}
              </summary>
              <DataTable
                label={words.starterPrices}
                columns={STARTER}
                rows={starter.prices}
                rowKey={(price) => `${price.provider} ${price.model ?? ''}`}
              />
            </details>
          </>
        )}
      </QueryContent>
      <Dialog
        title={words.adoptStarterPrices}
        lead={words.modelsAlreadyPriceKeep}
        action={words.adopt2}
        open={adopting}
        onClose={() => setAdopting(false)}
        onSubmit={async (values) => {
          const day = values.text('from');
          const changed = await adoptStarterPrices(projectId, {
            effectiveFrom: startOf(day, zone),
          });
          setAdopting(false);
          const { records, amountAfter } = changed.restatement;
          setDone(words.adopted(records, amountAfter));
          await client.invalidateQueries(pricesQuery(projectId));
          await client.invalidateQueries(starterPricesQuery(projectId));
        }}
      >
        <TextField
          name="from"
          label={words.effectiveFrom}
          type="date"
          defaultValue={data?.asOf}
          hint={words.costsBeforeDayStay}
        />
      </Dialog>
    </Card>
  );
}
