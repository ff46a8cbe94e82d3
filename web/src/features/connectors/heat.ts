import type { Granularity } from '@/api/types';
import type { Answer } from '@/lib/answer';
import { differenceOfMeans, FEWEST, shareBounds, type Sample } from '@/lib/chance';
import { bucketEnd } from '@/lib/granularity';
import { numberOf, textOf } from '../rows';

const DAY = 86_400_000;
/** Ranges up to this long are cut into hours: an outage rarely lasts a day. */
const MOST_HOURLY_MS = 35 * DAY;
/** Of ten runs without a failure, at most 28 % would fail in the long run (95 %): fewer say next to nothing. */
export const FEWEST_JUDGED = 10;

/** What the heatmap shows of connectors. */
export type Measure = 'failures' | 'slowness';

/** How bad a cell is: too few runs to say, not bad, or one of four degrees. */
export type Level = 'few' | 0 | 1 | 2 | 3 | 4;

/**
 * From where on each degree begins. Failures: shares; from a half on, a connector counts as down in the API, too.
 * Slowness: ratios; below the first, the API reports no change of a step either.
 */
export const DEGREES: Record<Measure, readonly number[]> = {
  failures: [0.05, 0.15, 0.3, 0.5],
  slowness: [1.25, 2, 4, 8],
};

/** A stretch of time, epoch milliseconds. */
export interface Span {
  from: number;
  until: number;
}

/** One connector in one bucket. */
export interface Cell extends Span {
  /** The runs that say something: those that completed or failed, or those whose duration is known. */
  runs: number;
  /** How many of them failed; their mean working time in milliseconds. */
  part: number;
  /** The share that failed (0 to 1), or how many times as long as usual they took; null if that is not known. */
  value: number | null;
  /** Its lower bound at 95 %; null with too few runs. */
  lower: number | null;
  level: Level;
}

/** The buckets of one connector that have runs, in order. */
export interface HeatRow {
  /** The type of step; null for steps without one. */
  connector: string | null;
  cells: Cell[];
}

/** How the columns of a heatmap are cut. */
export function columnsOf({ from, to }: { from: number; to: number }): Granularity {
  if (to - from <= MOST_HOURLY_MS) return 'hour';
  return to - from <= 730 * DAY ? 'day' : 'week';
}

/** The degree of a lower bound. */
export function levelOf(measure: Measure, lower: number | null): Level {
  if (lower === null) return 'few';
  const above = DEGREES[measure].findIndex((least) => lower < least);
  return (above < 0 ? DEGREES[measure].length : above) as Level;
}

/** A share of runs that failed, by its lower bound (Wilson). */
export function failed(part: number, runs: number): Pick<Cell, 'value' | 'lower' | 'level'> {
  const value = runs > 0 ? part / runs : null;
  const lower = runs < FEWEST_JUDGED ? null : Math.max(0, shareBounds(part, runs).lower);
  return { value, lower, level: levelOf('failures', lower) };
}

/** Sums of durations, of which samples are put together and taken apart. */
interface Sums {
  count: number;
  sum: number;
  squares: number;
}

const sumsOf = ({ count, mean, deviation }: Sample): Sums => ({
  count,
  sum: count * mean,
  squares: count * (deviation ** 2 + mean ** 2),
});

function sampleOf({ count, sum, squares }: Sums): Sample {
  const mean = count > 0 ? sum / count : 0;
  return { count, mean, deviation: Math.sqrt(Math.max(0, squares / (count || 1) - mean ** 2)) };
}

const sample = (row: Answer['rows'][number]): Sample => ({
  count: numberOf(row, 'step_durations') ?? 0,
  mean: numberOf(row, 'step_working_avg') ?? 0,
  deviation: numberOf(row, 'step_duration_stddev') ?? 0,
});

/** How many times as long as in the rest of the range a connector took, by the lower bound of the difference (Welch). */
export function slowed(now: Sample, all: Sums): Pick<Cell, 'value' | 'lower' | 'level'> {
  const own = sumsOf(now);
  const rest = sampleOf({
    count: all.count - own.count,
    sum: all.sum - own.sum,
    squares: all.squares - own.squares,
  });
  if (rest.count <= 0 || rest.mean <= 0) return { value: null, lower: null, level: 'few' };
  const value = now.mean / rest.mean;
  if (now.count < FEWEST || rest.count < FEWEST) return { value, lower: null, level: 'few' };
  const lower = 1 + differenceOfMeans(now, rest, 1).lower / rest.mean;
  return { value, lower, level: levelOf('slowness', lower) };
}

const added = (a: Sums, b: Sums): Sums => ({
  count: a.count + b.count,
  sum: a.sum + b.sum,
  squares: a.squares + b.squares,
});

type Rows = Answer['rows'];
type SpanOf = (time: unknown) => Span;

function failureCells(rows: Rows, spanOf: SpanOf): Cell[] {
  return rows.map((row) => {
    const { from, until } = spanOf(row.time);
    const part = numberOf(row, 'steps_failed') ?? 0;
    const runs = part + (numberOf(row, 'steps_completed') ?? 0);
    const { value, lower, level } = failed(part, runs);
    return { from, until, runs, part, value, lower, level };
  });
}

function slownessCells(rows: Rows, spanOf: SpanOf): Cell[] {
  const samples = rows.map(sample);
  const all = samples.map(sumsOf).reduce(added, { count: 0, sum: 0, squares: 0 });
  return rows.map((row, index) => {
    const now = samples[index] ?? sample(row);
    return { ...spanOf(row.time), runs: now.count, part: now.mean, ...slowed(now, all) };
  });
}

/** The cells of one connector, from its rows of an answer, in the order of time. */
function cellsOf(rows: Rows, measure: Measure, spanOf: SpanOf): Cell[] {
  const cells = (measure === 'failures' ? failureCells : slownessCells)(rows, spanOf);
  return cells.filter(({ runs }) => runs > 0).sort((a, b) => a.from - b.from);
}

/** By what connectors are ranked: how often they failed, or how long they worked. */
const weightOf = (cells: Cell[], measure: Measure): number =>
  cells.reduce((sum, { part, runs }) => sum + (measure === 'failures' ? part : part * runs), 0);

/** Where the buckets of an answer begin and end. Each is worked out once: they recur for every connector. */
function spansOf({ frame: { zone, bounds }, query }: Answer): SpanOf {
  const known = new Map<unknown, Span>();
  return (time) => {
    const found = known.get(time);
    if (found) return found;
    const start = Date.parse(String(time));
    const end = bucketEnd(start, query.granularity ?? 'hour', zone);
    const span = { from: Math.max(bounds.from, start), until: Math.min(bounds.to, end) };
    known.set(time, span);
    return span;
  };
}

/** The rows of a heatmap, the connector with the most failures, or the most working time, first. */
export function heatRows(answer: Answer, measure: Measure): HeatRow[] {
  const spanOf = spansOf(answer);
  const byConnector = new Map<string | null, Rows>();
  for (const row of answer.rows) {
    const connector = textOf(row, 'step_type');
    const own = byConnector.get(connector);
    if (own) own.push(row);
    else byConnector.set(connector, [row]);
  }
  const rows = [...byConnector].map(([connector, own]) => ({
    connector,
    cells: cellsOf(own, measure, spanOf),
  }));
  return rows
    .filter(({ cells }) => cells.length > 0)
    .sort(
      (a, b) =>
        weightOf(b.cells, measure) - weightOf(a.cells, measure) ||
        (a.connector ?? '').localeCompare(b.connector ?? ''),
    );
}

/** Neighbouring cells of one degree as one, left to right. */
export interface Block extends Span {
  level: Level;
  cells: Cell[];
}

/** The blocks of cells: neighbours of one degree are one. */
export function blocksOf(cells: Cell[]): Block[] {
  const blocks: Block[] = [];
  for (const cell of cells) {
    const last = blocks.at(-1);
    if (last && last.level === cell.level && last.until === cell.from) {
      last.until = cell.until;
      last.cells.push(cell);
    } else {
      blocks.push({ from: cell.from, until: cell.until, level: cell.level, cells: [cell] });
    }
  }
  return blocks;
}

/** Whether a block says that something is wrong. */
export const isBad = ({ level }: Pick<Block, 'level'>): boolean => level !== 'few' && level > 0;

/** What the cells of a block say together. */
export function pooled(cells: Cell[], measure: Measure): { runs: number; value: number | null } {
  const runs = cells.reduce((sum, cell) => sum + cell.runs, 0);
  const weighted = cells.reduce((sum, cell) => sum + (cell.value ?? 0) * cell.runs, 0);
  if (measure === 'failures' || cells.every(({ value }) => value !== null)) {
    return { runs, value: runs > 0 ? weighted / runs : null };
  }
  return { runs, value: null };
}

/** The cell that an instant is in, by halves; undefined if the connector did not run then. */
export function cellAt(cells: Cell[], instant: number): Cell | undefined {
  let [low, high] = [0, cells.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cells[middle]?.from ?? Infinity) <= instant) low = middle + 1;
    else high = middle;
  }
  const found = cells[low - 1];
  return found && instant < found.until ? found : undefined;
}
