import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClass } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { frameOf } from '@/lib/search';
import { costs as words } from '@/words';
import { figureColumn } from '../figureColumn';
import { numberOf, textOf } from '../rows';
import { usePermission } from '../session';
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
}

/** The providers and models of the records without a price. */
export function missingPrices(answer: Pick<Answer, 'rows' | 'other'>): Missing[] {
  const records = (row: Answer['rows'][number]): number => numberOf(row, 'unpriced_records') ?? 0;
  const listed = answer.rows
    .filter((row) => records(row) > 0)
    .map((row) => ({
      key: `${textOf(row, 'provider') ?? ''} ${textOf(row, 'model') ?? ''}`,
      provider: textOf(row, 'provider') ?? SAID.noProvider,
      model: textOf(row, 'model') ?? SAID.noModel,
      records: records(row),
    }));
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

/** The prices that are missing, as a task: what they are for, and where they are set. */
export function Unpriced({ view, count }: { view: View; count: number }): ReactNode {
  const query = useCardQuery(view, UNPRICED, true, 'later');
  const allowed = usePermission(view.project, 'manage_settings');
  return (
    <Card
      title={SAID.title}
      note={SAID.note(count)}
      testId="unpriced"
      className="border-warn"
      actions={
        allowed && (
          <Link
            to="/settings/prices"
            search={(previous) => frameOf(previous)}
            className={buttonClass('primary', true)}
          >
            {SAID.set}
          </Link>
        )
      }
    >
      {!allowed && <p className="px-4 pb-2 text-ink-2">{SAID.ask}</p>}
      <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={2} />}>
        {(answer) => (
          <DataTable
            label={SAID.title}
            columns={COLUMNS}
            rows={missingPrices(answer)}
            rowKey={({ key }) => key}
          />
        )}
      </QueryContent>
    </Card>
  );
}
