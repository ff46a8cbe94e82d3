import { FEWEST } from '@/lib/chance';
import { duration, exact, exactFigure, isolated, multiple, percent } from '@/lib/format';
import { bucketName } from '@/lib/granularity';
import { interval } from '@/lib/zone';
import type { Granularity } from '@/api/types';
import { connectors } from '@/words';
import { sentenceOf, textOf } from '../changes/said';
import { DEGREES, FEWEST_JUDGED, type Cell, type Measure } from './heat';
import type { Outage } from './incidents';

const words = connectors.heat;

/** A figure of the heatmap: a share of 0 to 1 as a percentage, or a ratio. */
export function heatFigure(measure: Measure, value: number): string {
  if (measure === 'failures') return percent(value * 100);
  return multiple(value, value < 10 ? 1 : 0);
}

/** What a connector is called. */
export const connectorName = (connector: string | null): string => connector ?? connectors.none;

/** What a cell says, without its time. */
function cellSaid(cell: Cell | undefined, measure: Measure): string[] {
  if (!cell) return [words.noRuns];
  const { value, lower, part, runs } = cell;
  const said =
    measure === 'failures'
      ? [words.failed(exact(part), exact(runs))]
      : [words.slower(duration(part), exact(runs))];
  if (lower === null || value === null) return [...said, words.tooFew];
  if (measure === 'failures') {
    return [
      ...said,
      percent(value * 100),
      ...(part > 0 ? [words.atLeast(percent(lower * 100))] : []),
    ];
  }
  return [
    ...said,
    words.times(heatFigure(measure, value)),
    ...(lower > 1 ? [words.timesAtLeast(heatFigure(measure, lower))] : []),
  ];
}

/** The words of a place in the heatmap: its time, its figures and the incident that it belongs to. */
export function placeSaid(props: {
  start: number;
  granularity: Granularity;
  zone: string;
  measure: Measure;
  cell: Cell | undefined;
  outage: Outage | undefined;
}): string {
  const { outage } = props;
  const said = cellSaid(props.cell, props.measure).join(', ');
  const cell = words.cell(bucketName(props.start, props.granularity, props.zone), said);
  if (!outage) return cell;
  return `${cell}. ${words.incident(textOf(sentenceOf(outage.change)))}`;
}

/** The label of an incident in the heatmap: `down 3 h`. */
export function outageLabel({ change, from, until }: Outage): string {
  const say = words.lasted[change.kind as keyof typeof words.lasted];
  return say(duration(until - from));
}

/** The words of the legend, from too few runs to the worst degree. */
export function legendOf(measure: Measure): { few: string; fine: string; degrees: string[] } {
  const degrees = DEGREES[measure].map((from) =>
    measure === 'failures' ? exactFigure(from * 100, 'percent') : multiple(from, from % 1 ? 2 : 0),
  );
  const least = measure === 'failures' ? FEWEST_JUDGED : FEWEST;
  return {
    few: words.few[measure](exact(least)),
    fine: words.fine[measure](degrees[0] ?? ''),
    degrees,
  };
}

/** From when to when a block was. */
export const whenSaid = (from: number, until: number, zone: string): string =>
  interval(from, until, zone);

/** The label of the row of a connector, for readers who do not see it. */
export const trackLabel = (connector: string | null, measure: Measure): string =>
  words.track[measure](isolated(connectorName(connector)));
