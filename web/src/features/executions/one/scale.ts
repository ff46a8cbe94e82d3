import { durationTrimmed } from '@/lib/format';
import { valueScale } from '@/lib/ticks';
import type { Span } from './model';

/** Times on a horizontal axis: milliseconds to pixels and back. */
export interface Scale {
  width: number;
  /** The position of a time, within the axis. */
  at: (ms: number) => number;
  /** The time that so many pixels take. */
  lengthOf: (pixels: number) => number;
  /** Round times with their labels. */
  ticks: { x: number; label: string }[];
}

/** About how many pixels a label and the space round it take. */
const LABEL = 90;

/** The scale of a span in a width of pixels. A span without a length takes a millisecond. */
export function scaleOf(span: Span, width: number): Scale {
  const length = Math.max(1, span.end - span.start);
  const at = (ms: number): number =>
    Math.max(0, Math.min(width, ((ms - span.start) / length) * width));
  const { step } = valueScale(length, Math.max(1, Math.floor(width / LABEL)), 'milliseconds');
  const ticks: Scale['ticks'] = [];
  for (let ms = Math.ceil(span.start / step) * step; ms <= span.end; ms += step) {
    ticks.push({ x: at(ms), label: ms === 0 ? '0' : durationTrimmed(ms) });
  }
  return { width, at, lengthOf: (pixels) => (pixels / width) * length, ticks };
}
