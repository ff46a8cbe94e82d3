import { useMemo, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { costs as words } from '@/words';
import { figureColumn } from '../figureColumn';
import type { Draft } from '../prices/book';
import { dayAt, startOf } from '../prices/days';
import { numberOf, textOf } from '../rows';
import { useCardQuery, type CardQuery } from '../useCardQuery';
import type { View } from '../view';

const SAID = words.unpriced;

/** What has no price, the most records first; the rest is summed. */
const UNPRICED: CardQuery = {
  metrics: ['unpriced_records', 'input_tokens', 'output_tokens'],
  dimensions: ['provider', 'model'],
  orderBy: [{ metric: 'unpriced_records', direction: 'desc' }],
  limit: 10,
  other: true,
};

interface Missing {
  key: string;
  provider: string;
  model: string;
  records: number;
  /** What a price for them is for; absent if they name no provider, without which there is no price. */
  of?: { provider: string; model: string | null };
}

/** The providers and models of the records without a price. */
export function missingPrices(answer: Pick<Answer, 'rows' | 'other'>): Missing[] {
  const records = (row: Answer['rows'][number]): number => numberOf(row, 'unpriced_records') ?? 0;
  const listed = answer.rows
    .filter((row) => records(row) > 0)
    .map((row): Missing => {
      const provider = textOf(row, 'provider');
      const model = textOf(row, 'model');
      return {
        key: `${provider ?? ''} ${model ?? ''}`,
        provider: provider ?? SAID.noProvider,
        model: model ?? SAID.noModel,
        records: records(row),
        ...(provider ? { of: { provider, model } } : {}),
      };
    });
  const rest = (answer.other?.rows ?? []).reduce((sum, row) => sum + records(row), 0);
  // How many of the other groups have prices is not known, so they are not counted.
  return rest > 0
    ? [...listed, { key: '', provider: SAID.others, model: '', records: rest }]
    : listed;
}

const COLUMNS: Column<Missing>[] = [
  { id: 'provider', header: SAID.provider, cell: ({ provider }) => <Name of={provider} /> },
  {
    id: 'model',
    header: SAID.model,
    className: 'max-w-48 truncate',
    tells: true,
    cell: ({ model }) => <Name cut of={model} />,
  },
  figureColumn('records', SAID.records, 'count'),
];

/** The button that sets the price of a row. */
const setColumn = (onSet: (of: NonNullable<Missing['of']>) => void): Column<Missing> => ({
  id: 'set',
  header: '',
  className: 'w-px whitespace-nowrap',
  cell: ({ of, model }) =>
    of && (
      <Button small kind="primary" aria-label={SAID.setFor(model)} onClick={() => onSet(of)}>
        {SAID.set}
      </Button>
    ),
});

/** The prices that are missing, as a task: what they are for, and what sets them for those who may. */
export function Unpriced(props: {
  view: View;
  count: number;
  onSet?: (before: Draft) => void;
}): ReactNode {
  const { view, count, onSet } = props;
  const query = useCardQuery(view, UNPRICED, true, 'later');
  const { zone } = view;
  const { from } = view.bounds;
  const columns = useMemo(() => {
    if (!onSet) return COLUMNS;
    // A price from the first day of the range on applies to all records that are shown.
    const first = dayAt(new Date(from).toISOString(), zone);
    const effectiveFrom = startOf(first, zone) ?? undefined;
    return [...COLUMNS, setColumn((of) => onSet({ ...of, effectiveFrom }))];
  }, [onSet, from, zone]);
  return (
    <Card title={SAID.title} note={SAID.note(count)} testId="unpriced" className="border-warn">
      {!onSet && <p className="px-4 pb-2 text-ink-2">{SAID.ask}</p>}
      <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={2} />}>
        {(answer) => (
          <DataTable
            label={SAID.title}
            columns={columns}
            rows={missingPrices(answer)}
            rowKey={({ key }) => key}
          />
        )}
      </QueryContent>
    </Card>
  );
}
