import type { ReactNode } from 'react';
import type { Price, PriceBook as Book } from '@/api/settings';
import { DataTable } from '@/components/DataTable';
import { Tag } from '@/components/Tag';
import { useMinute } from '@/lib/clock';
import { dateOnly } from '@/lib/zone';
import { prices as words } from '@/words';
import { useZone } from '../zone';
import { standing } from './book';
import { bookColumns, editColumn, type Edited } from './columns';

/** The prices of a book with their dates, and its exchange rates. */
export function PriceTable(props: {
  book: Book;
  /** Leaves out the prices that others have replaced. */
  inForce?: boolean;
  /** Changes a price, for those who may. */
  edit?: (edited: Edited) => void;
}): ReactNode {
  const { book, edit } = props;
  const zone = useZone();
  const now = useMinute();
  const all = book.prices;
  const shown = (price: Price): boolean =>
    !props.inForce || standing(price, all, now).state !== 'past';
  const columns = bookColumns(all, now, zone);
  return (
    <>
      <DataTable
        label={words.prices}
        columns={edit ? [...columns, editColumn(zone, edit)] : columns}
        rows={all.filter(shown)}
        rowKey={(price) => price.id}
      />
      {book.exchangeRates.length > 0 && (
        <p className="flex flex-wrap gap-1 px-4 py-2 text-xs text-ink-2">
          {book.exchangeRates.map((entry) => (
            <Tag key={`${entry.currency} ${entry.effectiveFrom}`}>
              {words.usdFrom(entry.currency, entry.dollars)}{' '}
              {dateOnly(Date.parse(entry.effectiveFrom), zone)}
            </Tag>
          ))}
        </p>
      )}
    </>
  );
}
