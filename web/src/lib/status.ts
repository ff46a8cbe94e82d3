/** The execution statuses in stacking order: the metric that counts each, its label, its fixed colour, its icon. */
export const STATUSES = [
  { metric: 'completed', label: 'Completed', token: '--completed', glyph: 'check' },
  { metric: 'failed', label: 'Failed', token: '--failed', glyph: 'cross' },
  { metric: 'crashed', label: 'Crashed', token: '--crashed', glyph: 'bolt' },
  { metric: 'canceled', label: 'Canceled', token: '--canceled', glyph: 'slash' },
  { metric: 'waiting', label: 'Waiting', token: '--waiting', glyph: 'pause' },
  { metric: 'running', label: 'Started', token: '--started', glyph: 'play' },
] as const;

export type StatusGlyph = (typeof STATUSES)[number]['glyph'];
