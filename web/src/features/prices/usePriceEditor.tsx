import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import {
  pricesQuery,
  starterPricesQuery,
  type PriceBook,
  type PricesChanged,
} from '@/api/settings';
import { Notice } from '@/components/Notice';
import type { Draft } from './book';
import type { Edited } from './columns';
import { changed } from './Effect';
import { PriceDialog, RemovePrice } from './PriceDialog';

/** Opens the editor of prices. Of a price that is saved, the note says what it changed. */
export function usePriceEditor(
  projectId: string,
  book: PriceBook | undefined,
): {
  set: (before: Draft) => void;
  edit: (edited: Edited) => void;
  dialog: ReactNode;
  note: ReactNode;
} {
  const client = useQueryClient();
  const [open, setOpen] = useState<{ set: Draft } | { remove: Edited['price'] } | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const start = (what: typeof open): void => {
    setDone(null);
    setOpen(what);
  };
  const onDone = async (outcome: PricesChanged): Promise<void> => {
    setOpen(null);
    setDone(changed(outcome));
    await Promise.all([
      client.invalidateQueries(pricesQuery(projectId)),
      client.invalidateQueries(starterPricesQuery(projectId)),
      // Stored costs have other amounts.
      client.invalidateQueries({ queryKey: ['query', projectId] }),
    ]);
  };
  const shared = { projectId, onDone, onClose: () => setOpen(null) };
  return {
    set: (before) => start({ set: before }),
    edit: ({ how, price }) => start(how === 'set' ? { set: price } : { remove: price }),
    dialog:
      book &&
      open &&
      ('set' in open ? (
        <PriceDialog {...shared} book={book} before={open.set} />
      ) : (
        <RemovePrice {...shared} book={book} price={open.remove} />
      )),
    note: done && <Notice tone="good">{done}</Notice>,
  };
}
