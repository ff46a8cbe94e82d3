import type { ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import { Delta, type Comparability } from '@/components/Delta';
import type { Answer } from '@/lib/answer';
import { exactFigure, figure } from '@/lib/format';
import { explore as words } from '@/words';
import { numberOf } from '../rows';
import { Tiles } from '../Tiles';

/** How many figures stand in a row. */
const IN_A_ROW = 6;

/** The figures of a whole range without groups. */
export function WholeFigures(props: {
  answer: Answer;
  metrics: MetricInfo[];
  comparable: Comparability | undefined;
}): ReactNode {
  const { answer, metrics } = props;
  const [now] = answer.rows;
  const tiles = metrics.map((metric) => ({
    label: metric.label,
    value: figure(numberOf(now, metric.name), metric.unit),
    exact: exactFigure(numberOf(now, metric.name), metric.unit),
    note: answer.comparison && (
      <Delta
        now={numberOf(now, metric.name)}
        before={numberOf(answer.comparison[0], metric.name)}
        metric={metric}
        comparable={props.comparable}
      />
    ),
  }));
  const rows = Math.ceil(tiles.length / IN_A_ROW);
  return (
    <div className="flex flex-col gap-3" data-testid="explore-figures">
      {Array.from({ length: rows }, (_, row) => (
        <Tiles
          key={row}
          label={words.wholeRange}
          tiles={tiles.slice(row * IN_A_ROW, (row + 1) * IN_A_ROW)}
        />
      ))}
    </div>
  );
}
