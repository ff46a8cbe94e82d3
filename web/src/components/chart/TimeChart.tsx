import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useTheme } from '@/lib/theme';
import { init, type ECharts } from './echarts';
import type { ChartData } from './model';
import { chartOption } from './option';
import { Hatching } from './Hatching';
import { Overlay } from './Overlay';

export interface TimeChartProps {
  label: string;
  data: ChartData;
  height: number;
  log?: boolean;
  onZoom?: (from: number, to: number) => void;
  onZoomBack?: () => void;
}

/** Bars and lines over time. The overlay handles pointing, zooming and screen readers. */
export default function TimeChart(props: TimeChartProps): ReactNode {
  const { data, height, log = false } = props;
  const id = useId();
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const [width, setWidth] = useState(0);
  const { dark } = useTheme();

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const instance = init(element, null, { renderer: 'canvas' });
    chart.current = instance;
    const observer = new ResizeObserver(([entry]) => {
      const box = entry?.contentRect;
      if (!box || box.width === 0) return;
      instance.resize({ width: box.width, height: box.height });
      setWidth(box.width);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      instance.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    // The colours are read from the page's tokens, so a change of theme redraws the chart.
    if (width > 0)
      chart.current?.setOption(chartOption(data, width, height, log), { notMerge: true });
  }, [data, width, height, log, dark]);

  const bars = data.series.some((series) => series.kind === 'bar');
  return (
    <div className="relative w-full" style={{ height }}>
      {!bars && <Hatching data={data} width={width} height={height} />}
      <div ref={host} aria-hidden="true" className="absolute inset-0" />
      {bars && <Hatching data={data} width={width} height={height} />}
      {width > 0 && data.starts.length > 0 && (
        <Overlay
          id={id}
          label={props.label}
          data={data}
          width={width}
          height={height}
          onZoom={props.onZoom}
          onZoomBack={props.onZoomBack}
        />
      )}
    </div>
  );
}
