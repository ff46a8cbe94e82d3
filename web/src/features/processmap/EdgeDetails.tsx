import type { ReactNode } from 'react';
import { buttonClass } from '@/components/Button';
import { exact, exactFigure, figure, percent } from '@/lib/format';
import type { Unit } from '@/api/types';
import { processmap as words } from '@/words';
import { nameAt } from './Details';
import { ExecutionsLink } from './ExecutionsLink';
import { Figures } from './Figures';
import type { MapEdge } from './graph';
import type { Picture } from './picture';
import type { Open } from './state';

const row = (label: string, value: number | null | undefined, unit: Unit) => ({
  label,
  value: figure(value, unit),
  exact: exactFigure(value, unit),
});

/** The figures of an arrow: how often it is taken, and how long executions wait on it. */
export function EdgeDetails(props: {
  edge: MapEdge;
  picture: Picture;
  onOpen: (open: Open) => void;
}): ReactNode {
  const { edge, picture } = props;
  const { flow } = edge;
  return (
    <>
      <Figures
        rows={[
          row(words.details.executions, edge.executions, 'count'),
          { label: words.details.share, value: percent(edge.share) },
          ...(flow
            ? [
                { label: words.details.times, value: exact(flow.runs) },
                row(words.details.waitMedian, flow.waitP50, 'milliseconds'),
                row(words.details.waitP95, flow.waitP95, 'milliseconds'),
                row(words.details.waitSum, flow.waitSum, 'milliseconds'),
              ]
            : []),
        ]}
      />
      <div className="flex flex-wrap gap-1.5 px-4 pt-1 pb-3">
        {[edge.from, edge.to].map((key) => (
          <button
            key={key}
            type="button"
            className={`${buttonClass('outline', true)} max-w-full`}
            onClick={() => props.onOpen({ node: key })}
          >
            <bdi className="truncate">{nameAt(picture, key)}</bdi>
          </button>
        ))}
      </div>
      {flow && flow.from != null && flow.to != null && (
        <p className="border-t px-4 py-2.5">
          <ExecutionsLink
            filters={{ fromStep: flow.from, toStep: flow.to }}
            className="text-accent hover:underline"
          >
            {words.details.show(edge.executions)}
          </ExecutionsLink>
        </p>
      )}
    </>
  );
}
