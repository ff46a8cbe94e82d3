import { useSyncExternalStore } from 'react';

/** The bucket start (epoch milliseconds) that the user points at, shared by every chart of the page. */
let pointed: number | null = null;
let owner: string | null = null;
const listeners = new Set<() => void>();

/** Sets the bucket that the user points at in one chart, or null for none. */
export function pointAt(instant: number | null, chart: string): void {
  if (instant === pointed && owner === chart) return;
  pointed = instant;
  owner = instant === null ? null : chart;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where the crosshair is, and whether this chart owns it. */
export function useCrosshair(chart: string): { instant: number | null; own: boolean } {
  const instant = useSyncExternalStore(subscribe, () => pointed);
  const own = useSyncExternalStore(subscribe, () => owner === chart);
  return { instant, own };
}
