import type { ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import { compact, percent, points } from '@/lib/format';
import { components, figures } from '@/words';
import { Icon } from './Icon';

const words = components.delta;

/** Whether there is anything to compare with; if not, a sentence says why. */
export type Comparability = { possible: true } | { possible: false; reason: string };

interface Props {
  now: number | null;
  before: number | null;
  metric: Pick<MetricInfo, 'unit' | 'goodDirection'>;
  /** Undefined while it is not known. */
  comparable: Comparability | undefined;
}

/** The change of a figure in percent, or in points if it is a percentage. Null if there is nothing to compare with. */
export function changeOf(now: number | null, before: number | null, unit: string): number | null {
  if (now === null || before === null) return null;
  if (unit === 'percent') return now - before;
  if (before === 0) return now === 0 ? 0 : null;
  return ((now - before) / before) * 100;
}

function changeLabel(change: number, unit: string): string {
  const size = Math.abs(change);
  if (unit === 'percent') return points(size, size < 0.1 ? 2 : 1);
  return size >= 1000 ? figures.timesAsMuch(compact(Math.round(size / 100 + 1))) : percent(size);
}

/** Arrow and size of a change, coloured by whether it is good, not by its sign. */
export function Delta({ now, before, metric, comparable }: Props): ReactNode {
  if (!comparable) return <span>&nbsp;</span>;
  if (!comparable.possible) return <NoComparison reason={comparable.reason} />;
  const change = changeOf(now, before, metric.unit);
  if (change === null) return <span className="text-ink-3">{words.notComparable}</span>;
  const flat = Math.abs(change) < (metric.unit === 'percent' ? 0.005 : 0.05);
  if (flat) return <span className="text-ink-3">{words.noChange}</span>;
  const rising = change > 0;
  const good = metric.goodDirection === (rising ? 'up' : 'down');
  const tone = metric.goodDirection === 'neutral' ? 'text-ink-2' : good ? 'text-good' : 'text-bad';
  const verdict = metric.goodDirection === 'neutral' ? '' : good ? words.better : words.worse;
  return (
    <span className={`inline-flex items-center gap-0.5 ${tone}`}>
      <Icon name={rising ? 'up' : 'down'} size={12} />
      <span className="sr-only">{rising ? words.up : words.down}</span>
      {changeLabel(change, metric.unit)}
      <span className="sr-only">{verdict}</span>
    </span>
  );
}

/** Says that there is nothing to compare with; the reason is on hover. */
export function NoComparison({ reason }: { reason: string }): ReactNode {
  return (
    <span className="text-ink-3" title={reason}>
      {words.noComparison}
    </span>
  );
}
