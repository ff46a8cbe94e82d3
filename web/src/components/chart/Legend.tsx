import type { ReactNode } from 'react';
import { exactFigure, figure } from '@/lib/format';
import { chart as words } from '@/words';
import { Button } from '../Button';
import { StatusIcon } from '../StatusIcon';
import { unitOf, type ChartData, type Series } from './model';

const totalOf = (series: Series): number =>
  series.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** The series of a chart by name, each to show or hide. Bars have the sum of their buckets. */
export function Legend(props: {
  data: ChartData;
  hidden: string[];
  onToggle: (series: string) => void;
}): ReactNode {
  const { data, hidden } = props;
  const shown = data.series.filter(({ comparison }) => !comparison);
  return (
    <div
      role="group"
      aria-label={words.legend}
      className="flex flex-wrap items-center gap-x-1 max-md:shrink-0 max-md:flex-nowrap"
    >
      {shown.map((series) => (
        <Entry
          key={series.id}
          data={data}
          series={series}
          hidden={hidden.includes(series.id)}
          onToggle={props.onToggle}
        />
      ))}
    </div>
  );
}

function Entry(props: {
  data: ChartData;
  series: Series;
  hidden: boolean;
  onToggle: (series: string) => void;
}): ReactNode {
  const { data, series, hidden } = props;
  const unit = unitOf(data, series);
  const total = series.kind === 'bar' ? totalOf(series) : null;
  return (
    <Button
      kind="quiet"
      small
      aria-pressed={!hidden}
      title={words.legendEntry(
        series.label,
        total === null ? null : exactFigure(total, unit),
        hidden,
      )}
      onClick={() => props.onToggle(series.id)}
      className="aria-pressed:bg-transparent aria-[pressed=false]:line-through aria-pressed:text-ink-2"
    >
      <Swatch series={series} />
      <bdi className="max-w-48 truncate">{series.label}</bdi>
      {total !== null && <span className="font-medium text-ink">{figure(total, unit)}</span>}
      {series.hint && <span className="text-ink-3 max-sm:hidden">{series.hint}</span>}
    </Button>
  );
}

function Swatch({ series }: { series: Series }): ReactNode {
  if (series.glyph) return <StatusIcon glyph={series.glyph} token={series.token} />;
  const shape = series.kind !== 'line' ? 'size-2.5 rounded-sm' : 'h-0.5 w-3.5';
  return <span className={shape} style={{ background: `var(${series.token})` }} />;
}
