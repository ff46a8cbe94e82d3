import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import {
  adoptStarterPrices,
  pricesQuery,
  starterPricesQuery,
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
import { counted } from '@/lib/format';
import { AddPrice } from '../prices/AddPrice';
import { modelColumn, rateColumns } from '../prices/columns';
import { startOf } from '../prices/days';
import { PriceTable } from '../prices/PriceTable';
import { usePriceEditor } from '../prices/usePriceEditor';
import { useZone } from '../zone';
import { ProjectChoice, useProjectWith } from './ProjectChoice';
import { nouns, prices as words } from '@/words';

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

function Book({ projectId }: { projectId: string }): ReactNode {
  const query = useQuery(pricesQuery(projectId));
  const editor = usePriceEditor(projectId, query.data);
  return (
    <Card
      title={words.priceBook}
      note={query.data && words.versionRatesPerMillion(query.data.version)}
      testId="price-book"
      actions={<AddPrice onAdd={editor.set} />}
    >
      {editor.note && <div className="px-4 pb-2">{editor.note}</div>}
      <QueryContent what={words.priceBook2} query={query} skeleton={<TableSkeleton rows={4} />}>
        {(data) =>
          data.prices.length === 0 ? (
            <EmptyNote>{words.noPricesYetCosts}</EmptyNote>
          ) : (
            <PriceTable book={data} edit={editor.edit} />
          )
        }
      </QueryContent>
      {editor.dialog}
    </Card>
  );
}

const STARTER: Column<StarterPrice>[] = [
  modelColumn<StarterPrice>(),
  ...rateColumns<StarterPrice>(),
  {
    id: 'state',
    header: '',
    cell: (price) => price.inBook && <Tag>{words.priceBook3}</Tag>,
  },
];

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
          const effectiveFrom = startOf(day, zone);
          if (effectiveFrom === null) throw new Error(words.noDay(day));
          const changed = await adoptStarterPrices(projectId, { effectiveFrom });
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
