import type { Unit } from '@/api/types';
import { axisFigure } from '@/lib/format';
import { timeTicks } from '@/lib/ticks';
import { edgeOf, MARGIN, type ChartData } from './model';
import { scalesOf, type Scale } from './scale';
import { beside, heightOf, lineOf, stacked, type Bars, type Frame, type Line } from './shapes';

/** The room that one label of the time axis needs, in pixels. */
const LABEL_WIDTH = 58;
const LABEL_HEIGHT = 13;
/** So many lines are named next to their ends: one has the chart's title, and more need a legend above the chart. */
const LABELLED = { least: 2, most: 5 };

interface Tick {
  y: number;
  text: string;
}

/** Everything that a time chart draws, in pixels from the top left of its box. */
export interface Plot {
  values: Tick[];
  /** The ticks of the right axis; none if no series is measured by it. */
  rightValues: Tick[];
  times: { x: number; middle: number; text: string }[];
  thresholds: Tick[];
  bars: Bars[];
  lines: Line[];
}

/** Moves labels down where they would cover the one above. */
function spread(lines: Line[]): void {
  const labels = lines.flatMap(({ label }) => label ?? []).sort((a, b) => a.y - b.y);
  let free = -Infinity;
  for (const label of labels) {
    label.y = Math.max(label.y, free);
    free = label.y + LABEL_HEIGHT;
  }
}

function frameOf(data: ChartData, width: number, height: number): Frame {
  const count = data.starts.length;
  return {
    top: MARGIN.top,
    floor: height - MARGIN.bottom,
    count,
    band: edgeOf(1, width, count) - edgeOf(0, width, count),
    middle: (index) => edgeOf(index + 0.5, width, count),
  };
}

function timesOf(data: ChartData, width: number, frame: Frame): Plot['times'] {
  const room = Math.max(2, Math.floor((width - MARGIN.left - MARGIN.right) / LABEL_WIDTH));
  return [...timeTicks(data.starts, data.zone, room)].map(([index, text]) => ({
    x: edgeOf(index, width, frame.count),
    middle: frame.middle(index),
    text,
  }));
}

const ticksOf = (scale: Scale, frame: Frame, unit: Unit): Tick[] =>
  scale.ticks.map((value) => ({ y: heightOf(frame, scale, value), text: axisFigure(value, unit) }));

/** Lays out a time chart in a box of this size. */
export function plotOf(data: ChartData, width: number, height: number, log: boolean): Plot {
  const frame = frameOf(data, width, height);
  const { left, right } = scalesOf(data, log);
  const twoAxes = data.series.some(({ axis }) => axis === 'right');
  const rightUnit = data.rightUnit ?? data.unit;
  const scaleFor = (of: { axis?: 'right' }): Scale => (of.axis === 'right' ? right : left);
  const lines = data.series
    .filter(({ kind }) => kind === 'line')
    .map((series) => {
      const floor = data.series.find(({ id }) => id === series.bandTo);
      return lineOf(series, scaleFor(series), frame, floor);
    });
  const named = lines.filter(({ label }) => label);
  // The right axis has the place where names would stand.
  if (twoAxes || named.length < LABELLED.least || named.length > LABELLED.most) {
    named.forEach((line) => (line.label = null));
  }
  spread(lines);
  const bars = data.series.filter(({ kind }) => kind === 'bar');
  const alone = data.series.filter(({ kind }) => kind === 'beside');
  return {
    values: ticksOf(left, frame, data.unit),
    rightValues: twoAxes ? ticksOf(right, frame, rightUnit) : [],
    times: timesOf(data, width, frame),
    thresholds: (data.thresholds ?? []).map((one) => ({
      y: heightOf(frame, scaleFor(one), one.value),
      text: one.label,
    })),
    bars: [...stacked(bars, left, frame), ...beside(alone, scaleFor, frame)],
    lines,
  };
}
