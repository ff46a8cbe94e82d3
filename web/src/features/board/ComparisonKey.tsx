import type { ReactNode } from 'react';
import { NoComparison, type Comparability } from '@/components/Delta';
import type { Answer } from '@/lib/answer';
import { rangeLabel } from '@/lib/range';
import { board as words } from '@/words';
import { comparisonOf } from './series';

const datesOf = ({ from, to }: { from: string; to: string }, zone: string): string =>
  rangeLabel({ kind: 'absolute', from: Date.parse(from), to: Date.parse(to) }, zone);

/** The legend entry of the comparison period: which time it is, or why it is not drawn. */
export function ComparisonKey(props: {
  result: Answer;
  comparable: Comparability | undefined;
}): ReactNode {
  const { result, comparable } = props;
  const past = result.query.comparisonRange;
  if (comparable?.possible === false) {
    return (
      <span className="shrink-0 px-1.5 text-xs whitespace-nowrap">
        <NoComparison reason={comparable.reason} />
      </span>
    );
  }
  return (
    <span
      title={past ? datesOf(past, result.frame.zone) : undefined}
      className="inline-flex shrink-0 items-center gap-1.5 px-1.5 text-xs whitespace-nowrap text-ink-3"
    >
      <span className="w-4 border-t-2 border-dashed border-(--compare)" />
      {words.comparison[comparisonOf(result)]}
    </span>
  );
}
