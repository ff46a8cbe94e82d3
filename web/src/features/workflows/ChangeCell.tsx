import type { ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { duration, multiple, NO_VALUE, percent, points } from '@/lib/format';
import { workflows as words } from '@/words';
import { sentenceOf, textOf, times } from '../changes/said';
import type { Entry } from './list';

const said = words.change;
/** `1.02 ×`: smaller than what sentences speak of, but certain. */
const ratio = (size: number): string => times(size) ?? multiple(size, 2);

interface Told {
  text: string;
  tone: 'text-bad' | 'text-good' | 'text-ink-3';
  rising?: boolean;
  exact: string;
}

/** The worst change of a workflow in words. */
export function toldOf({ shift, changes, state, isNew }: Entry): Told {
  if (state === 'silent') return { text: said.silent, tone: 'text-bad', exact: words.why.silent };
  if (state === 'idle') return { text: said.stopped, tone: 'text-ink-3', exact: words.why.idle };
  if (shift) {
    const { kind, size, before, now } = shift;
    const inTime = kind === 'slower' || kind === 'faster';
    const worse = kind === 'slower' || kind === 'failing';
    return {
      text: said[kind](inTime ? ratio(size) : points(size)),
      tone: worse ? 'text-bad' : 'text-good',
      rising: kind === 'slower' || kind === 'failing',
      exact: inTime
        ? said.duration(duration(before), duration(now))
        : said.success(percent(before), percent(now)),
    };
  }
  const slow = changes.find(({ kind }) => kind === 'step_slower' || kind === 'workflow_slower');
  if (slow) {
    const text = said.slower(slow.ratio == null ? '' : ratio(slow.ratio)).trim();
    return { text, tone: 'text-bad', rising: true, exact: textOf(sentenceOf(slow)) };
  }
  const costs = changes.find(({ kind }) => kind === 'cost_spike');
  if (costs) {
    const text = said.costlier(times(costs.ratio));
    return { text, tone: 'text-bad', rising: true, exact: words.why.costlier };
  }
  if (isNew === undefined) return { text: NO_VALUE, tone: 'text-ink-3', exact: '' };
  if (isNew) return { text: said.isNew, tone: 'text-ink-3', exact: said.isNew };
  return { text: said.none, tone: 'text-ink-3', exact: said.steady };
}

/** The worst change of a workflow against its own past. */
export function ChangeCell({ of }: { of: Entry }): ReactNode {
  const { text, tone, rising } = toldOf(of);
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap ${tone}`}>
      {rising !== undefined && <Icon name={rising ? 'up' : 'down'} size={12} />}
      {text}
    </span>
  );
}
