import { Link } from '@tanstack/react-router';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { PriceBook } from '@/api/settings';
import { buttonClass } from '@/components/Button';
import { Card } from '@/components/Card';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { frameOf } from '@/lib/search';
import { prices as words } from '@/words';
import { AddPrice } from '../prices/AddPrice';
import { PriceTable } from '../prices/PriceTable';
import { usePriceEditor } from '../prices/usePriceEditor';

const SAID = words.card;

/** The prices in force and those to come, with what changes them for those who may. */
export function Prices(props: {
  projectId: string;
  query: UseQueryResult<PriceBook>;
  allowed: boolean;
}): ReactNode {
  const { projectId, query, allowed } = props;
  const editor = usePriceEditor(projectId, query.data);
  return (
    <Card
      title={SAID.title}
      note={SAID.note}
      testId="prices"
      className="col-span-full"
      actions={
        allowed && (
          <>
            <Link
              to="/settings/prices"
              search={(previous) => frameOf(previous)}
              className={buttonClass('quiet')}
            >
              {SAID.all}
            </Link>
            <AddPrice onAdd={editor.set} />
          </>
        )
      }
    >
      {editor.note && <div className="px-4 pb-2">{editor.note}</div>}
      <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={3} />}>
        {(book) =>
          book.prices.length === 0 ? (
            <EmptyNote>
              {SAID.nothing} {!allowed && SAID.ask}
            </EmptyNote>
          ) : (
            <PriceTable inForce book={book} edit={allowed ? editor.edit : undefined} />
          )
        }
      </QueryContent>
      {editor.dialog}
    </Card>
  );
}
