import { useMemo, type ReactNode } from 'react';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Delta, type Comparability } from '@/components/Delta';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { NO_VALUE } from '@/lib/format';
import { useNarrow } from '@/lib/media';
import { costs as words } from '@/words';
import { useComparability } from '../coverage';
import { figureColumn } from '../figureColumn';
import { partsOf, type Part as CostPart } from '../overview/Breakdown';
import { numberOf } from '../rows';
import { useCardQuery, type CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { ExploreLink } from '../explore/ExploreLink';
import { CostTree } from './CostTree';
import { PartLink } from './PartLink';
import type { CostSplit } from './splits';

/** How many parts are listed; the rest is summed. */
const LISTED = 12;

/** What was spent by a dimension, the most first, with what it was spent on. */
function breakdownQuery(view: Pick<View, 'range' | 'compare'>, dimension: string): CardQuery {
  return {
    metrics: ['cost', 'api_calls', 'input_tokens', 'output_tokens'],
    dimensions: [dimension],
    orderBy: [{ metric: 'cost', direction: 'desc' }],
    limit: LISTED,
    other: true,
    ...(view.range.kind === 'all' ? {} : { compare: view.compare ?? 'previous_period' }),
  };
}

interface Part extends CostPart {
  cost: number;
  calls: number | null;
  tokens: number;
}

function costParts(answer: Answer, { dimension, none }: CostSplit): Part[] {
  const parts = partsOf(answer, { dimension, metric: 'cost', missing: none });
  return parts.map((part) => ({
    ...part,
    cost: part.value,
    calls: numberOf(part.row, 'api_calls'),
    tokens: (numberOf(part.row, 'input_tokens') ?? 0) + (numberOf(part.row, 'output_tokens') ?? 0),
  }));
}

/** What a part is called, with a link to what it is made of. */
function PartName(props: { part: CostPart; dimension: string; answer: Answer }): ReactNode {
  const { part, dimension, answer } = props;
  if (part.name === null) return <span className="text-ink-3">{words.others(part.groups)}</span>;
  return (
    <PartLink part={part.key} dimension={dimension} answer={answer} className="hover:underline">
      <Name cut of={part.name} />
    </PartLink>
  );
}

/** The columns of every table of costs: what they are of, how much, and its share. */
export function spentColumns<P extends CostPart & { cost: number }>(
  header: string,
  dimension: string,
  answer: Answer,
): Column<P>[] {
  return [
    {
      id: 'name',
      header,
      className: 'max-w-36 truncate',
      tells: true,
      cell: (part) => <PartName part={part} dimension={dimension} answer={answer} />,
    },
    figureColumn('cost', words.spent, 'usd'),
    figureColumn('share', words.share, 'percent'),
    {
      id: 'bar',
      header: '',
      wideOnly: true,
      className: 'w-[12%]',
      cell: (part) => <InlineBar share={(part.share ?? 0) / 100} />,
    },
  ];
}

function changeColumn(comparable: Comparability | undefined): Column<Part> {
  return {
    id: 'change',
    header: words.change,
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
  };
}

/** What was spent, by model or another dimension, the most first. */
export function CostBreakdown(props: {
  view: View;
  split: CostSplit;
  coverage: Answer | undefined;
}): ReactNode {
  const { view, split } = props;
  const query = useCardQuery(view, breakdownQuery(view, split.dimension), true, 'later');
  return (
    <Card
      title={split.title}
      testId="cost-breakdown"
      className="col-span-full"
      actions={
        <ExploreLink
          title={split.title}
          frame={query.data?.frame}
          query={(frame) => breakdownQuery(frame, split.dimension)}
        />
      }
    >
      <QueryContent what={split.title} query={query} skeleton={<TableSkeleton rows={6} />}>
        {(answer) => <Parts answer={answer} split={split} coverage={props.coverage} />}
      </QueryContent>
    </Card>
  );
}

function Parts(props: {
  answer: Answer;
  split: CostSplit;
  coverage: Answer | undefined;
}): ReactNode {
  const { answer, split } = props;
  const comparable = useComparability(props.coverage, answer.query.range);
  const narrow = useNarrow();
  const parts = useMemo(() => costParts(answer, split), [answer, split]);
  if (parts.length === 0) return <EmptyNote>{words.nothing}</EmptyNote>;
  const columns: Column<Part>[] = [
    ...spentColumns<Part>(split.label, split.dimension, answer),
    ...(answer.comparison ? [changeColumn(comparable)] : []),
    figureColumn('calls', words.calls, 'count', true),
    figureColumn('tokens', words.tokens, 'tokens', true),
  ];
  const table = (
    <DataTable label={split.title} columns={columns} rows={parts} rowKey={(part) => part.key} />
  );
  const tree = <CostTree answer={answer} split={split} parts={parts} />;
  // The order on the screen is that of the keyboard; on a phone, the table comes first.
  return (
    <div className="grid grid-cols-1 gap-x-2 xl:grid-cols-2">
      {!narrow && tree}
      {table}
      {narrow && tree}
    </div>
  );
}
