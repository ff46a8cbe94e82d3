import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Drawing } from './Drawing';
import { MarkButtons } from './MarkButtons';
import type { ChartData, Marker } from './model';
import { Overlay } from './Overlay';

const NO_MARKERS: Marker[] = [];

export interface TimeChartProps {
  label: string;
  data: ChartData;
  height: number;
  log?: boolean;
  /** Releases, incidents and other moments to see the figures by. */
  markers?: Marker[];
  onZoom?: (from: number, to: number) => void;
  onZoomBack?: () => void;
  /** Opens a bucket (epoch milliseconds): by a click, or by Space. */
  onOpen?: (start: number) => void;
}

/** Bars and lines over time. The overlay handles pointing, zooming and screen readers. */
export function TimeChart(props: TimeChartProps): ReactNode {
  const { data, height, log = false, markers = NO_MARKERS } = props;
  const id = useId();
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setWidth(entry.contentRect.width);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return (
    <div ref={host} className="relative w-full" style={{ height }}>
      {width > 0 && (
        <Drawing data={data} width={width} height={height} log={log} markers={markers} />
      )}
      {width > 0 && data.starts.length > 0 && (
        <Overlay
          id={id}
          label={props.label}
          data={data}
          markers={markers}
          width={width}
          height={height}
          onZoom={props.onZoom}
          onZoomBack={props.onZoomBack}
          onOpen={props.onOpen}
        />
      )}
      {width > 0 && <MarkButtons markers={markers} data={data} width={width} />}
    </div>
  );
}
