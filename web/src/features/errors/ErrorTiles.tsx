import type { ReactNode } from 'react';
import type { ErrorGroups } from '@/api/errors';
import { Delta, type Comparability } from '@/components/Delta';
import type { Answer } from '@/lib/answer';
import { exact, exactFigure, figure, compact, percent, NO_VALUE } from '@/lib/format';
import { errors } from '@/words';
import { numberOf } from '../rows';
import { useCardQuery, type CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { Tiles, TilesSkeleton, type Tile } from '../Tiles';
import { classLabel } from './ClassTag';

const words = errors.tiles;

/** How many of the executions that ended failed or crashed, now and before. */
const rateQuery: CardQuery = { metrics: ['failure_rate'], compare: 'previous_period' };

/** The figures of an answer by name, of the groups that it lists. */
export function tilesOf(
  groups: ErrorGroups,
  rate: Answer | undefined,
  comparable: Comparability | undefined,
): Tile[] {
  const { total, previousTotal, groupCount, classes, errors: listed } = groups;
  const now = numberOf(rate?.rows[0], 'failure_rate');
  const before = numberOf(rate?.comparison?.[0], 'failure_rate');
  const worse = (unit: 'count' | 'percent') => ({ unit, goodDirection: 'down' as const });
  const fresh = listed.filter(({ previousCount }) => previousCount === 0).length;
  // What is not listed may be new, too.
  const known = comparable?.possible === true && listed.length === groupCount;
  const first = classes[0];
  return [
    {
      label: words.failed,
      value: compact(total),
      exact: exact(total),
      note: (
        <Delta now={total} before={previousTotal} metric={worse('count')} comparable={comparable} />
      ),
    },
    {
      label: words.rate,
      value: figure(now, 'percent'),
      exact: exactFigure(now, 'percent'),
      note: <Delta now={now} before={before} metric={worse('percent')} comparable={comparable} />,
    },
    {
      label: words.groups,
      value: exact(groupCount),
      note: known ? words.fresh(exact(fresh)) : undefined,
    },
    {
      label: words.mostOften,
      value: first && first.count > 0 ? classLabel(first.errorClass) : NO_VALUE,
      note: first && first.count > 0 ? words.share(percent(first.share)) : undefined,
    },
  ];
}

/** The key figures of the errors of a range. */
export function ErrorTiles(props: {
  view: View;
  groups: ErrorGroups | undefined;
  comparable: Comparability | undefined;
}): ReactNode {
  const { view, groups, comparable } = props;
  const rate = useCardQuery(view, rateQuery, true, 'later');
  if (!groups) return <TilesSkeleton count={4} />;
  return <Tiles label={words.label} tiles={tilesOf(groups, rate.data, comparable)} />;
}
