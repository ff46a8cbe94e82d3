import type { ReactNode } from 'react';
import type { StepNode } from '@/api/processMap';
import type { Unit } from '@/api/types';
import { InlineBar } from '@/components/DataTable';
import { compact, duration, exact, exactFigure, figure, money, percent } from '@/lib/format';
import { processmap as words } from '@/words';
import { percentileWords } from '../percentile';
import { nameAt } from './Details';
import { ExecutionsLink } from './ExecutionsLink';
import { Figures } from './Figures';
import type { MapEdge, MapNode } from './graph';
import { byWeight } from './layout/model';
import type { Picture } from './picture';
import type { Open } from './state';

const row = (label: string, value: number | null | undefined, unit: Unit) => ({
  label,
  value: figure(value, unit),
  exact: exactFigure(value, unit),
});

/** The figures of a step, or of an end, and the arrows that touch it. */
export function NodeDetails(props: {
  node: MapNode;
  picture: Picture;
  onOpen: (open: Open) => void;
}): ReactNode {
  const { node, picture, onOpen } = props;
  const { edges, executions } = picture.graph;
  const into = edges.filter(({ to }) => to === node.key);
  const out = edges.filter(({ from }) => from === node.key);
  const { step } = node;
  return (
    <>
      {step ? (
        <Step step={step} executions={executions} />
      ) : (
        <Figures
          rows={[
            row(words.details.executions, node.weight, 'count'),
            {
              label: words.details.share,
              value: percent(executions > 0 ? (node.weight / executions) * 100 : 0),
            },
          ]}
        />
      )}
      <Flows
        title={words.details.before}
        edges={into}
        end="from"
        picture={picture}
        onOpen={onOpen}
      />
      <Flows title={words.details.after} edges={out} end="to" picture={picture} onOpen={onOpen} />
      {step && (
        <p className="border-t px-4 py-2.5">
          <ExecutionsLink filters={{ step: step.step.id }} className="text-accent hover:underline">
            {words.details.show(step.executions)}
          </ExecutionsLink>
        </p>
      )}
    </>
  );
}

function Step({ step, executions }: { step: StepNode; executions: number }): ReactNode {
  const share = executions > 0 ? (step.executions / executions) * 100 : 0;
  return (
    <>
      <Figures
        rows={[
          row(words.details.executions, step.executions, 'count'),
          { label: words.details.share, value: percent(share) },
          row(words.details.runs, step.runs, 'count'),
          ...(step.attempts > step.runs
            ? [row(words.details.attempts, step.attempts, 'count')]
            : []),
          { label: words.details.median, ...percentileWords(step.durationP50, step.runs) },
          { label: words.details.p95, ...percentileWords(step.durationP95, step.runs) },
          row(words.details.sum, step.durationSum, 'milliseconds'),
          ...(step.waitingSum > 0
            ? [
                row(words.details.working, step.workingSum, 'milliseconds'),
                row(words.details.waiting, step.waitingSum, 'milliseconds'),
              ]
            : []),
          row(words.details.failedRuns, step.failedRuns, 'count'),
          ...(step.cost == null ? [] : [row(words.details.cost, step.cost, 'usd')]),
        ]}
      />
      <Rework rework={step.rework} />
    </>
  );
}

/** How often a step ran again in the same execution, and what that took. */
function Rework({ rework }: { rework: StepNode['rework'] }): ReactNode {
  const { executions, runs, durationMs, cost } = rework;
  return (
    <div className="border-t px-4 py-2" data-testid="rework">
      <h3 className="text-xs font-medium text-ink-3">{words.details.rework}</h3>
      {runs === 0 ? (
        <p className="text-ink-2">{words.details.reworkNone}</p>
      ) : (
        <p>
          {words.details.reworkText(executions, runs)}{' '}
          {words.details.reworkPrice(duration(durationMs), cost == null ? null : money(cost))}
        </p>
      )}
    </div>
  );
}

/** How many arrows are listed. */
const MOST = 8;

/** The arrows into or out of a node, the most frequent first; each opens. */
function Flows(props: {
  title: string;
  edges: MapEdge[];
  end: 'from' | 'to';
  picture: Picture;
  onOpen: (open: Open) => void;
}): ReactNode {
  const { edges, end, picture } = props;
  if (edges.length === 0) return null;
  const sorted = edges.toSorted(byWeight);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <div className="border-t px-4 pt-2 pb-1">
      <h3 className="text-xs font-medium text-ink-3">{props.title}</h3>
      <ul>
        {sorted.slice(0, MOST).map((edge) => (
          <li key={edge.key}>
            <button
              type="button"
              onClick={() => props.onOpen({ from: edge.from, to: edge.to })}
              className="-mx-1 grid w-[calc(100%+0.5rem)] grid-cols-[minmax(0,1fr)_3.5rem_auto] items-center gap-2 rounded px-1 py-1 text-left hover:bg-sunken pointer-coarse:min-h-10"
            >
              <bdi className="truncate">{nameAt(picture, edge[end])}</bdi>
              <InlineBar share={edge.weight / total} color="var(--series-1)" />
              <span className="w-24 text-right text-ink-2" title={exact(edge.weight)}>
                {compact(edge.weight)}
                {(edge.flow?.waitP50 ?? 0) >= 1 && ` · ${duration(edge.flow?.waitP50 ?? 0)}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
