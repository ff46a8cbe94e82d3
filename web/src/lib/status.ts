import { statuses as words } from '@/words';

/** The execution statuses in stacking order: the metric that counts each, its label, its fixed colour, its icon. */
export const STATUSES = [
  { metric: 'completed', label: words.completed, token: '--completed', glyph: 'check' },
  { metric: 'failed', label: words.failed, token: '--failed', glyph: 'cross' },
  { metric: 'crashed', label: words.crashed, token: '--crashed', glyph: 'bolt' },
  { metric: 'canceled', label: words.canceled, token: '--canceled', glyph: 'slash' },
  { metric: 'waiting', label: words.waiting, token: '--waiting', glyph: 'pause' },
  { metric: 'running', label: words.running, token: '--started', glyph: 'play' },
] as const;

export type StatusGlyph = (typeof STATUSES)[number]['glyph'];
