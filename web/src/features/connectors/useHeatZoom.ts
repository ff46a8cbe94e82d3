import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { useZoom } from '../board/zoom';
import type { Columns } from './useColumns';

/** Buckets from one to another, in the order in which they were chosen. */
interface Chosen {
  from: number;
  to: number;
}

/** Dragging over a heatmap, or an arrow key with Shift, chooses times and sets the range to them; Back undoes it. */
export function useHeatZoom(columns: Columns, indexAt: (track: Element, x: number) => number) {
  const { starts, end, bounds } = columns;
  const { zoomIn, zoomOut } = useZoom();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [track, setTrack] = useState<Element | null>(null);
  /** Whether the last press was a drag: what follows it is no click. */
  const dragged = useRef(false);
  const zoom = ({ from, to }: Chosen): void => {
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    const start = Math.max(bounds.from, starts[first] ?? bounds.from);
    zoomIn(start, Math.min(bounds.to, starts[last + 1] ?? end));
  };
  useEffect(() => {
    if (!track) return undefined;
    const move = (event: globalThis.PointerEvent): void => {
      const to = indexAt(track, event.clientX);
      setChosen((now) => now && { ...now, to });
    };
    const stop = (): void => setTrack(null);
    const cancel = (): void => {
      stop();
      setChosen(null);
    };
    const up = (): void => {
      stop();
      dragged.current = chosen !== null && chosen.from !== chosen.to;
      if (chosen && dragged.current) zoom(chosen);
      setChosen(null);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', cancel);
    return () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', cancel);
    };
  });
  return {
    /** What is chosen, from left to right; null while there is nothing. */
    chosen:
      chosen && (track === null || chosen.from !== chosen.to)
        ? { first: Math.min(chosen.from, chosen.to), last: Math.max(chosen.from, chosen.to) }
        : null,
    zoomOut,
    onPointerDown: (event: PointerEvent): void => {
      dragged.current = false;
      setChosen(null);
      // A finger scrolls.
      if (!event.isPrimary || event.button !== 0 || event.pointerType === 'touch') return;
      const on = (event.target as Element).closest('[role=slider]');
      if (!on) return;
      const at = indexAt(on, event.clientX);
      setTrack(on);
      setChosen({ from: at, to: at });
    },
    /** Whether a click is the end of a drag. */
    wasDrag: (): boolean => dragged.current,
    /** Moves one end of what is chosen, from a bucket on; or chooses nothing. */
    extend: (from: number, to: number | null): void =>
      setChosen((now) => (to === null ? null : { from: now?.from ?? from, to })),
    /** Zooms into what is chosen. Returns whether anything is. */
    enter: (): boolean => {
      if (!chosen) return false;
      zoom(chosen);
      return true;
    },
  };
}
