import { axisFigure } from '@/lib/format';
import { token } from '@/lib/theme';
import { logDurationTicks, timeTicks, valueScale } from '@/lib/ticks';
import { MARGIN, type ChartData, type Series } from './model';

const LABEL_WIDTH = 58;

/** The top of the highest stack or line. */
function highest(data: ChartData): number {
  return data.starts.reduce((top, _, index) => {
    let stack = 0;
    let single = 0;
    for (const series of data.series) {
      const value = series.values[index] ?? 0;
      if (series.kind === 'bar') stack += value;
      else single = Math.max(single, value);
    }
    return Math.max(top, stack, single);
  }, 0);
}

function lowest(data: ChartData): number {
  const values = data.series.flatMap((series) => series.values);
  const positive = values.filter((value): value is number => value !== null && value > 0);
  return positive.length > 0 ? Math.min(...positive) : 1;
}

interface Scale {
  min: number;
  max: number;
  ticks: { interval: number } | { values: number[] };
}

/** The vertical scale, in plotted values: logarithms where the axis is logarithmic. */
function scaleOf(data: ChartData, log: boolean): Scale {
  const top = highest(data);
  if (log) {
    // The log axis of ECharts uses powers of ten, which make odd durations.
    const values = logDurationTicks(lowest(data), top, 7).map(Math.log10);
    return { min: values[0] ?? 0, max: values.at(-1) ?? 1, ticks: { values } };
  }
  const kind =
    data.unit === 'milliseconds' ? 'milliseconds' : data.unit === 'count' ? 'whole' : 'any';
  const scale = valueScale(top, 4, kind);
  return { min: 0, max: scale.top, ticks: { interval: scale.step } };
}

function valueAxis(data: ChartData, scale: Scale, log: boolean): object {
  const { ticks } = scale;
  const custom = 'values' in ticks ? { customValues: ticks.values } : {};
  return {
    type: 'value',
    min: scale.min,
    max: scale.max,
    ...('interval' in ticks ? { interval: ticks.interval } : {}),
    axisLabel: {
      color: token('--ink-3'),
      fontSize: 11,
      formatter: (value: number) => axisFigure(log ? Math.round(10 ** value) : value, data.unit),
      ...custom,
    },
    splitLine: { lineStyle: { color: token('--grid'), width: 1 } },
    axisLine: { show: false },
    axisTick: { show: false, ...custom },
  };
}

function plotted(values: (number | null)[], log: boolean): (number | null)[] {
  if (!log) return values;
  return values.map((value) => (value === null ? null : Math.log10(Math.max(value, 1))));
}

const LABEL_HEIGHT = 13;

/** How far down to move the direct label of each line, in pixels, so that none covers another. */
function labelShifts(
  lines: Series[],
  scale: Scale,
  log: boolean,
  height: number,
): Map<string, number> {
  const plot = height - MARGIN.top - MARGIN.bottom;
  const ends = lines.flatMap((line) => {
    const last = plotted(line.values, log).findLast((value) => value !== null) ?? null;
    if (last === null) return [];
    return [{ id: line.id, y: plot * (1 - (last - scale.min) / (scale.max - scale.min)) }];
  });
  ends.sort((a, b) => a.y - b.y);
  let free = -Infinity;
  return new Map(
    ends.map(({ id, y }) => {
      const at = Math.max(y, free);
      free = at + LABEL_HEIGHT;
      return [id, at - y];
    }),
  );
}

function lineSeries(series: Series, log: boolean, labelShift: number | undefined): object {
  const color = token(series.comparison ? '--compare' : series.token);
  const lone = (index: number): boolean =>
    (series.values[index - 1] ?? null) === null && (series.values[index + 1] ?? null) === null;
  return {
    type: 'line',
    name: series.label,
    data: plotted(series.values, log),
    connectNulls: false,
    symbol: 'circle',
    showAllSymbol: true,
    // A point between two gaps has no line; draw it as a dot.
    symbolSize: (_: unknown, params: { dataIndex: number }) => (lone(params.dataIndex) ? 4 : 0),
    lineStyle: { color, width: 1.5, type: series.comparison ? [4, 3] : 'solid' },
    itemStyle: { color },
    areaStyle: series.area ? { color, opacity: 0.1 } : undefined,
    endLabel: {
      show: labelShift !== undefined,
      offset: [0, labelShift ?? 0],
      formatter: series.label,
      color,
      fontSize: 11,
      distance: 6,
    },
    z: series.comparison ? 4 : 3,
  };
}

function barSeries(series: Series): object {
  return {
    type: 'bar',
    name: series.label,
    stack: 'status',
    data: series.values,
    barCategoryGap: '22%',
    barMaxWidth: 48,
    itemStyle: { color: token(series.token) },
  };
}

/** The whole ECharts option of a time chart `width` pixels wide. */
export function chartOption(
  data: ChartData,
  width: number,
  height: number,
  log: boolean,
): Record<string, unknown> {
  const room = Math.max(2, Math.floor((width - MARGIN.left - MARGIN.right) / LABEL_WIDTH));
  const ticks = timeTicks(data.starts, data.zone, room);
  const lines = data.series.filter((series) => series.kind === 'line' && !series.comparison);
  const scale = scaleOf(data, log);
  // More than five lines need a legend above the chart instead.
  const shifts = labelShifts(lines.length <= 5 ? lines : [], scale, log, height);
  return {
    animation: false,
    grid: { ...MARGIN, outerBoundsMode: 'none' },
    xAxis: {
      type: 'category',
      data: data.starts,
      axisLine: { lineStyle: { color: token('--line-strong') } },
      axisTick: {
        alignWithLabel: false,
        length: 4,
        interval: (index: number) => ticks.has(index),
        lineStyle: { color: token('--line-strong') },
      },
      axisLabel: {
        color: token('--ink-3'),
        fontSize: 11,
        margin: 8,
        interval: (index: number) => ticks.has(index),
        formatter: (_: string, index: number) => ticks.get(index) ?? '',
      },
      splitLine: { show: false },
    },
    yAxis: valueAxis(data, scale, log),
    series: data.series.map((series) =>
      series.kind === 'bar' ? barSeries(series) : lineSeries(series, log, shifts.get(series.id)),
    ),
  };
}
