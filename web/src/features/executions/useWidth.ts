import { useEffect, useState, useSyncExternalStore } from 'react';

/** The width of an element in pixels; 0 until it is drawn. */
export function useWidth(of: HTMLElement | null): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!of) return;
    // It reports once when it begins, before the page is painted.
    const observer = new ResizeObserver(() => setWidth(of.clientWidth));
    observer.observe(of);
    return () => observer.disconnect();
  }, [of]);
  return width;
}

const coarse = (): MediaQueryList => window.matchMedia('(pointer: coarse)');

function subscribe(listener: () => void): () => void {
  const query = coarse();
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Whether the main pointer is a finger, which needs larger targets. */
export function useCoarse(): boolean {
  return useSyncExternalStore(subscribe, () => coarse().matches);
}
