import type { ReactNode } from 'react';
import type { ProcessMap, Variants } from '@/api/processMap';
import { Skeleton } from '@/components/states';
import { duration, isolated, percent } from '@/lib/format';
import { processmap as words } from '@/words';
import { stepName } from './graph';

/** The number of variants whose share the sentence states. */
const COMMON = 5;

/** The arrow on which most time is spent waiting. */
function longestWait({ edges, nodes }: ProcessMap): string {
  const name = (id: string | null | undefined): string | undefined => {
    const found = nodes.find(({ step }) => step.id === id);
    return found && stepName(found.step);
  };
  const longest = edges
    .filter(({ from, to, waitSum }) => from != null && to != null && (waitSum ?? 0) > 0)
    .toSorted((a, b) => (b.waitSum ?? 0) - (a.waitSum ?? 0))[0];
  const [from, to] = [name(longest?.from), name(longest?.to)];
  if (!longest || longest.waitP50 == null || !from || !to) return '';
  return words.sentence.wait(isolated(from), isolated(to), duration(longest.waitP50));
}

/** The share of runs that are rework, and the step with most of it. */
function rework({ nodes }: ProcessMap): string {
  const runs = nodes.reduce((sum, node) => sum + node.runs, 0);
  const extra = nodes.reduce((sum, node) => sum + node.rework.runs, 0);
  const most = nodes.toSorted((a, b) => b.rework.runs - a.rework.runs)[0];
  if (!most || most.rework.runs === 0 || runs === 0) return '';
  return words.sentence.rework(percent((extra / runs) * 100), isolated(stepName(most.step)));
}

/** The process in a few sentences: how many paths there are, and where it waits and repeats. */
export function Summary(props: {
  map: ProcessMap | undefined;
  variants: Variants | undefined;
}): ReactNode {
  const { map, variants } = props;
  if (!map || !variants) {
    return (
      <div className="min-h-12">
        <Skeleton className="my-0.5 h-5 w-96 max-w-full" />
      </div>
    );
  }
  if (map.nodes.length === 0) return null;
  const common = variants.rows.slice(0, COMMON);
  const share = common.reduce((sum, row) => sum + (row.share ?? 0), 0);
  return (
    <p className="min-h-12 text-base leading-6 text-pretty" data-testid="map-summary">
      {words.sentence.paths(variants.executions, variants.variants, map.nodes.length)}
      {variants.variants > common.length && words.sentence.common(common.length, percent(share))}
      <span className="text-ink-2">
        {longestWait(map)}
        {rework(map)}
      </span>
    </p>
  );
}
