import type { Level, Measure, Span } from './heat';

/** The width of the drawing of a row; what is drawn is stretched to its room. */
export const WIDTH = 1000;

const HUES: Record<Measure, string> = { failures: '--failed', slowness: '--series-1' };
const STRENGTHS = [0, 35, 55, 78, 100];

/** The colour of a degree; too few runs are grey, and what is not bad is pale. */
export function colorOf(measure: Measure, level: Level): string {
  if (level === 'few') return 'var(--line-strong)';
  if (level === 0) return 'color-mix(in srgb, var(--completed) 20%, var(--surface))';
  return `color-mix(in srgb, var(${HUES[measure]}) ${STRENGTHS[level]}%, var(--surface))`;
}

/** Where an instant is in the drawing, 0 to `WIDTH`. */
export const placeOf = (instant: number, { from, to }: { from: number; to: number }): number =>
  ((instant - from) / Math.max(1, to - from)) * WIDTH;

/** Where an instant is in a row, as CSS has it. */
export const percentOf = (instant: number, bounds: { from: number; to: number }): string =>
  `${(placeOf(instant, bounds) / WIDTH) * 100}%`;

/** The path that fills stretches of a row; too few runs are a thin line, because colour alone says nothing to some. */
export function pathOf(spans: Span[], bounds: { from: number; to: number }, thin: boolean): string {
  const [top, height] = thin ? [0.42, 0.16] : [0, 1];
  return spans
    .map(({ from, until }) => {
      const [start, end] = [placeOf(from, bounds), placeOf(until, bounds)];
      const width = (end - start).toFixed(2);
      return `M${start.toFixed(2)} ${top}h${width}v${height}h-${width}z`;
    })
    .join('');
}
