import type { MetricInfo, Unit } from '@/api/types';
import type { ChartData, Series } from '@/components/chart/model';
import type { Comparability } from '@/components/Delta';
import type { Answer } from '@/lib/answer';
import { STATUSES } from '@/lib/status';
import { explore as words } from '@/words';
import { chartData, comparisonSeries, metricSeries } from '../board/series';
import { stateLook } from '../executions/state';
import { nameOf } from '../rows';
import { splitSeries, type Part } from '../splitSeries';
import { inside, type Dimension } from './catalogue';
import type { Kind } from './search';

/** More charts than this are a page to scroll through; the table has every figure. */
export const MOST_PANELS = 6;
/** More lines than this in one chart are a tangle. */
const MOST_LINES = 8;

/**
 * The metrics of each chart over time. A chart has two axes, so metrics of a third unit have another; each metric that
 * is split into groups has its own.
 */
export function panelsOf(metrics: MetricInfo[], grouped: boolean): MetricInfo[][] {
  if (grouped) return metrics.map((metric) => [metric]);
  const panels: MetricInfo[][] = [];
  for (const metric of metrics) {
    const fits = panels.find(
      (panel) =>
        panel.length < MOST_LINES &&
        new Set([...panel.map(({ unit }) => unit), metric.unit]).size <= 2,
    );
    if (fits) fits.push(metric);
    else panels.push([metric]);
  }
  return panels;
}

/** Whether the figures of a chart's left axis add up, so that bars can stand on each other. */
export const stackable = (metrics: MetricInfo[]): boolean =>
  metrics.filter(({ unit }) => unit === metrics[0]?.unit).every(({ additive }) => additive);

/**
 * How the figures of a chart over time are drawn: as asked. One that adds up is drawn as bars if it is the only one;
 * several need not be parts of a whole.
 */
export function kindOf(metrics: MetricInfo[], asked: Kind | undefined): Exclude<Kind, 'table'> {
  const sums = stackable(metrics);
  if (asked !== undefined && asked !== 'table') return asked;
  return sums && metrics.length === 1 ? 'bars' : 'line';
}

const tokenOf = (metric: string, index: number): string =>
  STATUSES.find((status) => status.metric === metric)?.token ?? `--series-${index + 1}`;

/** The metrics of a chart over time. The first unit has the left axis, and another the right one. */
export function metricsChart(
  answer: Answer,
  metrics: MetricInfo[],
  asked: Kind | undefined,
  comparable: Comparability | undefined,
): ChartData {
  const unit: Unit = metrics[0]?.unit ?? 'count';
  const rightUnit = metrics.find((metric) => metric.unit !== unit)?.unit;
  const kind = kindOf(metrics, asked);
  const sums = stackable(metrics);
  const series = metrics.map(({ name, label, unit: own }, index): Series => {
    const right = own !== unit;
    return {
      id: name,
      label,
      token: tokenOf(name, index),
      glyph: STATUSES.find((status) => status.metric === name)?.glyph,
      kind: kind !== 'bars' ? 'line' : !sums ? 'beside' : right ? 'line' : 'bar',
      area: kind === 'area',
      values: metricSeries(answer, name),
      ...(right ? { axis: 'right' as const } : {}),
    };
  });
  const [one] = metrics;
  // As many grey lines as coloured ones would be a tangle: several metrics are compared in the table.
  const past =
    metrics.length === 1 && one ? comparisonSeries(answer, one.name, one.label, comparable) : [];
  return { ...chartData(answer, unit, [...series, ...past]), rightUnit };
}

/** The name of a value of a dimension. */
export function valueName(answer: Answer, dimension: Dimension, value: string | null): string {
  const { name, label, declared } = dimension;
  if (value === null) return words.noValue(inside(label, declared));
  return name === 'status' ? stateLook(value).label : nameOf(answer, name, value);
}

/** A metric by its groups, over time. */
export function groupsChart(
  answer: Answer,
  metric: MetricInfo,
  dimensions: Dimension[],
  asked: Kind | undefined,
): ChartData {
  const kind = kindOf([metric], asked);
  const [only] = dimensions;
  const state = (part: Part) => {
    const [value] = part;
    if (dimensions.length > 1 || only?.name !== 'status' || !value) return undefined;
    const { token, glyph } = stateLook(value);
    return { token, glyph };
  };
  const data = splitSeries(answer, {
    dimensions: dimensions.map(({ name }) => name),
    metric: metric.name,
    kind: kind !== 'bars' ? 'line' : metric.additive ? 'bar' : 'beside',
    area: kind === 'area',
    absent: metric.additive ? 0 : null,
    look: (part) => ({
      label: words.group(
        dimensions.map((dimension, index) => valueName(answer, dimension, part[index] ?? null)),
      ),
      ...state(part),
    }),
    other: words.others,
  });
  return { ...data, unit: metric.unit };
}
