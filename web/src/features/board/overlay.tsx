import { useCallback, useState, type ReactNode } from 'react';
import type { MetricInfo, Unit } from '@/api/types';
import type { ChartData, Series } from '@/components/chart/model';
import { Icon } from '@/components/Icon';
import { OptionList } from '@/components/OptionList';
import { Pop } from '@/components/Pop';
import type { Answer } from '@/lib/answer';
import { toggled } from '@/lib/list';
import { chart as words } from '@/words';
import { usePageSearch, useSetSearch } from '../view';
import { KPIS } from './figure';
import { useMetricInfo } from './metrics';
import { metricSeries } from './series';

/** More lines than this over a chart are a tangle. */
const MOST = 3;
const TOKENS = ['--series-3', '--series-4', '--series-5'];

/**
 * The figures of the URL that can be laid over a chart whose own has this unit and name. A chart has two axes: a figure
 * of the same unit shares the left one, and the first other unit has the right one.
 */
export function overlayable(
  wanted: string[],
  info: (name: string) => MetricInfo,
  own: { unit: Unit; name: string },
): { metrics: MetricInfo[]; rightUnit: Unit | undefined } {
  const metrics: MetricInfo[] = [];
  let rightUnit: Unit | undefined;
  for (const name of wanted) {
    const metric = info(name);
    if (name === own.name || !KPIS.includes(name) || metrics.length === MOST) continue;
    if (metric.unit !== own.unit && metric.unit !== (rightUnit ?? metric.unit)) continue;
    if (metric.unit !== own.unit) rightUnit = metric.unit;
    metrics.push(metric);
  }
  return { metrics, rightUnit };
}

/** Adds the figures of the URL to a chart, from the answer that it draws. */
export function useOverlay(
  unit: Unit,
  name: string,
): (data: ChartData, answer: Answer) => ChartData {
  const { overlay } = usePageSearch();
  const info = useMetricInfo();
  return useCallback(
    (data, answer) => {
      const { metrics, rightUnit } = overlayable(overlay ?? [], info, { unit, name });
      if (metrics.length === 0) return data;
      const added = metrics.map((metric, index): Series => ({
        id: `overlay ${metric.name}`,
        label: metric.label,
        token: TOKENS[index] ?? '--series-3',
        kind: 'line',
        values: metricSeries(answer, metric.name),
        ...(metric.unit === unit ? {} : { axis: 'right' as const }),
      }));
      return { ...data, rightUnit, series: [...data.series, ...added] };
    },
    [overlay, info, unit, name],
  );
}

/** Chooses the figures that are laid over a chart. */
export function OverlayPicker(props: { unit: Unit; main: string }): ReactNode {
  const [open, setOpen] = useState(false);
  const { overlay = [] } = usePageSearch();
  const setSearch = useSetSearch();
  const info = useMetricInfo();
  const own = { unit: props.unit, name: props.main };
  const { metrics } = overlayable(overlay, info, own);
  const chosen = metrics.map(({ name }) => name);
  const fits = (name: string): boolean =>
    overlayable([...chosen, name], info, own).metrics.some((metric) => metric.name === name);
  return (
    <Pop
      label={words.overlay}
      kind="quiet"
      open={open}
      onOpenChange={setOpen}
      className="h-6! px-1.5! text-xs"
      trigger={
        <>
          <Icon name="plus" size={14} />
          {chosen.length > 0 && words.overlayed(chosen.length)}
        </>
      }
    >
      <OptionList
        multi
        label={words.overlay}
        selected={chosen}
        options={KPIS.filter((name) => name !== props.main).map((name) => ({
          value: name,
          label: info(name).label,
          disabled: !chosen.includes(name) && !fits(name),
          detail: chosen.includes(name) || fits(name) ? undefined : words.thirdUnit,
        }))}
        onPick={(name) => setSearch({ overlay: toggled(chosen, name) }, { replace: true })}
      />
    </Pop>
  );
}
