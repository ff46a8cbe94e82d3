import { useMemo, type ReactNode } from 'react';
import type { Answer } from '@/lib/answer';
import { figure, percent } from '@/lib/format';
import { costs as words } from '@/words';
import type { Part } from '../overview/Breakdown';
import { MOST_PARTS } from './costSeries';
import { PartLink } from './PartLink';
import type { CostSplit } from './splits';
import { folded } from './tree';
import { Treemap, type TreePart } from './Treemap';

/** The parts as areas, in the colours that they have over time. */
export function treeParts(parts: Part[]): TreePart[] {
  return folded(parts, MOST_PARTS).map((part, index) => {
    const name = part.name ?? words.others(part.groups);
    const spent = figure(part.value, 'usd');
    const share = percent(part.share ?? 0);
    return {
      id: part.name === null ? 'other' : `part ${part.key}`,
      name,
      figure: `${spent} · ${share}`,
      said: words.part(name, spent, share),
      token: part.name === null ? '--canceled' : `--series-${index + 1}`,
      amount: part.value,
    };
  });
}

/** The areas are as high as the table beside them, within limits. */
const heightOf = (rows: number): number => Math.max(208, Math.min(32 * (rows + 1), 448));

/** What was spent as areas, each a link to what it is made of. */
export function CostTree(props: { answer: Answer; split: CostSplit; parts: Part[] }): ReactNode {
  const { answer, split } = props;
  const parts = useMemo(() => treeParts(props.parts), [props.parts]);
  return (
    <Treemap
      label={words.treemap(split.title)}
      parts={parts}
      height={heightOf(props.parts.length)}
      face={({ id }, { className, label, title, children }) =>
        id === 'other' ? (
          <span className={className} title={title}>
            {children}
          </span>
        ) : (
          <PartLink
            part={id.slice('part '.length)}
            dimension={split.dimension}
            answer={answer}
            className={`${className} hover:underline`}
            label={label}
            title={title}
          >
            {children}
          </PartLink>
        )
      }
    />
  );
}
