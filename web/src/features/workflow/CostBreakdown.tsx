import type { ReactNode } from 'react';
import type { CostBreakdown as Breakdown } from '@/api/workflow';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Delta, type Comparability } from '@/components/Delta';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { NO_VALUE } from '@/lib/format';
import { workflow as words } from '@/words';
import { figureColumn } from '../figureColumn';
import type { View } from '../view';
import { useRead } from './read';

const SAID = words.cost;
/** How many parts are listed; the rest is summed. */
const LISTED = 12;

interface Part {
  key: string;
  name: string;
  cost: number;
  before: number | null;
  share: number | null;
  calls: number;
  tokens: number;
}

function partsOf(data: Breakdown, split: keyof typeof SAID.splits): Part[] {
  return data.breakdown.map((row) => ({
    key: row.key ?? '',
    name: row.name ?? row.key ?? SAID.none[split],
    cost: row.totalCost,
    before: row.change ? row.totalCost - row.change.absolute : null,
    share: row.share ?? null,
    calls: row.apiCalls,
    tokens: row.inputTokens + row.outputTokens,
  }));
}

function columnsOf(header: string, comparable: Comparability | undefined): Column<Part>[] {
  return [
    {
      id: 'name',
      header,
      className: 'max-w-36',
      tells: true,
      cell: (part) => <Name cut of={part.name} />,
    },
    figureColumn('cost', SAID.spent, 'usd'),
    figureColumn('share', SAID.share, 'percent'),
    {
      id: 'bar',
      header: '',
      wideOnly: true,
      className: 'w-[12%]',
      cell: (part) => <InlineBar share={(part.share ?? 0) / 100} />,
    },
    {
      id: 'change',
      header: SAID.change,
      numeric: true,
      wideOnly: true,
      cell: (part) =>
        comparable?.possible === false ? (
          <span className="text-ink-3">{NO_VALUE}</span>
        ) : (
          <span className="inline-flex justify-end">
            <Delta
              now={part.cost}
              before={part.before}
              metric={{ unit: 'usd', goodDirection: 'down' }}
              comparable={comparable}
            />
          </span>
        ),
    },
    figureColumn('calls', SAID.calls, 'count', true),
    figureColumn('tokens', SAID.tokens, 'tokens', true),
  ];
}

/** What was spent, by model or another part, the most first. */
export function CostBreakdown(props: {
  view: View;
  workflow: string;
  split: keyof typeof SAID.splits;
  comparable: Comparability | undefined;
}): ReactNode {
  const { split } = props;
  const parameters = { workflowId: props.workflow, by: split, limit: LISTED };
  const path = '/api/v1/analytics/costs/breakdown';
  const query = useRead<Breakdown>(props.view, path, parameters);
  return (
    <Card
      title={SAID.by[split]}
      testId="cost-breakdown"
      className="col-span-full xl:col-span-5"
      note={query.data && query.data.groups > LISTED && SAID.first(LISTED, query.data.groups)}
    >
      <QueryContent what={SAID.by[split]} query={query} skeleton={<TableSkeleton rows={6} />}>
        {(data) =>
          data.breakdown.length === 0 ? (
            <EmptyNote>{SAID.nothing}</EmptyNote>
          ) : (
            <DataTable
              label={SAID.by[split]}
              columns={columnsOf(SAID.splits[split], props.comparable)}
              rows={partsOf(data, split)}
              rowKey={(part) => part.key}
            />
          )
        }
      </QueryContent>
    </Card>
  );
}
