import type { CSSProperties } from 'react';
import { darkness, type Cell } from './model';

/** The colour and the sign of a state; the sign, because colour alone says nothing to some. */
interface Look {
  token: string;
  sign: string;
}

const LOOKS: Record<string, Look> = {
  completed: { token: '--completed', sign: '' },
  failed: { token: '--failed', sign: '×' },
  crashed: { token: '--crashed', sign: '!' },
  canceled: { token: '--canceled', sign: '/' },
  waiting: { token: '--waiting', sign: '‖' },
  started: { token: '--started', sign: '▸' },
};

/** The states in the order of the legend. */
export const STATUS_ORDER = [
  'completed',
  'failed',
  'crashed',
  'canceled',
  'waiting',
  'started',
  'skipped',
];

/** The classes of a cell. */
export const CELL =
  'flex size-[18px] items-center justify-center rounded-[3px] text-2xs leading-none text-surface';

/** The look of an execution in a state. */
export const lookOf = (status: string): Look => LOOKS[status] ?? { token: '--canceled', sign: '' };

/** How a cell is drawn: filled in the colour of its outcome, or in that of its time; skipped steps are hollow. */
export function cellLook(
  cell: Cell,
  byTime: boolean,
  times: number | null,
): { style: CSSProperties; sign: string } {
  if (cell.status === 'skipped') {
    return { style: { boxShadow: 'inset 0 0 0 1px var(--line-strong)' }, sign: '' };
  }
  const look = lookOf(cell.status);
  const sign = look.sign || (cell.attempts > 1 ? String(Math.min(9, cell.attempts)) : '');
  if (byTime && cell.status === 'completed') {
    const strength = Math.round(100 * darkness(times));
    return {
      style: { background: `color-mix(in srgb, var(--series-1) ${strength}%, var(--surface))` },
      sign: '',
    };
  }
  return { style: { background: `var(${look.token})` }, sign };
}
