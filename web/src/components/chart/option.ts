import { axisFigure } from '@/lib/format';
import { token } from '@/lib/theme';
import { timeTicks, valueScale } from '@/lib/ticks';
import { MARGIN, type ChartData, type Series } from './model';

const LABEL_WIDTH = 58;

function stackedTop(data: ChartData): number {
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

function valueAxis(data: ChartData, log: boolean): object {
  const style = {
    axisLabel: {
      color: token('--ink-3'),
      fontSize: 11,
      formatter: (value: number) => axisFigure(value, data.unit),
    },
    splitLine: { lineStyle: { color: token('--grid'), width: 1 } },
    axisLine: { show: false },
    axisTick: { show: false },
  };
  if (log) {
    const top = Math.max(stackedTop(data), 1);
    const low = lowest(data);
    return {
      type: 'log',
      min: 10 ** Math.floor(Math.log10(low)),
      max: 10 ** Math.max(Math.ceil(Math.log10(top)), Math.floor(Math.log10(low)) + 1),
      ...style,
    };
  }
  const kind =
    data.unit === 'milliseconds' ? 'milliseconds' : data.unit === 'count' ? 'whole' : 'any';
  const scale = valueScale(stackedTop(data), 4, kind);
  return { type: 'value', min: 0, max: scale.top, interval: scale.step, ...style };
}

function lastFilled(values: (number | null)[]): boolean {
  return values.some((value) => value !== null);
}

function lineSeries(series: Series, direct: boolean): object {
  const color = token(series.comparison ? '--compare' : series.token);
  const lone = (index: number): boolean =>
    (series.values[index - 1] ?? null) === null && (series.values[index + 1] ?? null) === null;
  return {
    type: 'line',
    name: series.label,
    data: series.values,
    connectNulls: false,
    symbol: 'circle',
    showAllSymbol: true,
    // A point between two gaps has no line; draw it as a dot.
    symbolSize: (_: unknown, params: { dataIndex: number }) => (lone(params.dataIndex) ? 4 : 0),
    lineStyle: { color, width: 1.5, type: series.comparison ? [4, 3] : 'solid' },
    itemStyle: { color },
    areaStyle: series.area ? { color, opacity: 0.1 } : undefined,
    endLabel: {
      show: direct && !series.comparison && lastFilled(series.values),
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
export function chartOption(data: ChartData, width: number, log: boolean): Record<string, unknown> {
  const room = Math.max(2, Math.floor((width - MARGIN.left - MARGIN.right) / LABEL_WIDTH));
  const ticks = timeTicks(data.starts, data.zone, room);
  const lines = data.series.filter((series) => series.kind === 'line' && !series.comparison);
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
    yAxis: valueAxis(data, log),
    series: data.series.map((series) =>
      series.kind === 'bar' ? barSeries(series) : lineSeries(series, lines.length <= 5),
    ),
  };
}
