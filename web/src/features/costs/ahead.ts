import type { Budget, CostForecast } from '@/api/costs';
import type { Granularity } from '@/api/types';
import type { ChartData, Series, Threshold } from '@/components/chart/model';
import { stackSums } from '@/components/chart/scale';
import { bucketEnd } from '@/lib/granularity';
import { costs as words } from '@/words';
import type { View } from '../view';

/** So many days ahead are drawn at least; otherwise as many as the chart has. */
const LEAST_DAYS = 7;
/** A limit that is more times as high as the highest bar would leave nothing of the bars; the card of budgets has it. */
const HIGHEST_LIMIT = 5;

const { forecast: SAID } = words;

/** Daily costs up to today, continued by the days of a forecast with the band in which they are expected. */
export function withForecast(data: ChartData, forecast: CostForecast | undefined): ChartData {
  const today = forecast && data.starts.indexOf(Date.parse(forecast.today.time));
  const last = data.starts.length - 1;
  // Only what ends today is continued.
  if (!forecast || today !== last || last < 0 || data.granularity !== 'day') return data;
  const days = forecast.forecast.slice(0, Math.max(LEAST_DAYS, data.starts.length));
  const ahead = days.map(({ time }) => Date.parse(time));
  const end = ahead.at(-1);
  if (end === undefined) return data;
  const empty = ahead.map(() => null);
  const past = data.starts.slice(1).map(() => null);
  const expected = [forecast.today.expected ?? null, ...days];
  const line = (id: 'value' | 'upper' | 'lower', label: string): Series => ({
    id: `forecast_${id}`,
    label,
    token: '--ink-3',
    kind: 'line',
    dashed: true,
    values: [...past, ...expected.map((day) => day?.[id] ?? null)],
  });
  return {
    ...data,
    starts: [...data.starts, ...ahead],
    end: bucketEnd(end, 'day', data.zone),
    forecastFrom: ahead[0],
    series: [
      ...data.series.map((series) => ({ ...series, values: [...series.values, ...empty] })),
      { ...line('upper', SAID.upper), bandTo: 'forecast_lower' },
      line('value', SAID.expected),
      line('lower', SAID.lower),
    ],
  };
}

/** The budgets whose periods are the buckets of a chart and that limit what the chart shows, as lines. */
export function budgetLines(
  budgets: Budget[],
  { env, workflows, zone }: Pick<View, 'env' | 'workflows' | 'zone'>,
  granularity: Granularity,
): Threshold[] {
  // A budget is for all environments.
  if (env) return [];
  const limits = ({ level, workflowId }: Budget): boolean =>
    workflows.length === 0
      ? level === 'project'
      : level === 'workflow' && workflows.length === 1 && workflowId === workflows[0];
  return budgets
    .filter((one) => one.metric === 'cost' && one.period === granularity && limits(one))
    .map(({ amount, name, timezone }) => ({
      value: amount,
      label: timezone === zone ? words.budgets.line(name) : words.budgets.lineIn(name, timezone),
    }));
}

/** A chart with those lines that leave its bars legible. */
export function withLimits(data: ChartData, lines: Threshold[]): ChartData {
  const highest = Math.max(0, ...stackSums(data.series, data.starts.length));
  const thresholds = lines.filter(({ value }) => value <= HIGHEST_LIMIT * highest);
  return thresholds.length > 0 ? { ...data, thresholds } : data;
}
