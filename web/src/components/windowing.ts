import { useEffect, useState } from 'react';

/** The rows to draw: from `first` up to before `end`. */
export interface Shown {
  first: number;
  end: number;
}

/** Rows beyond the screen that are drawn, too, so that quick scrolling shows no gap. */
const SPARE = 12;

/** The rows of a list that are visible between two positions, measured from its top in pixels. */
export function rowsBetween(top: number, bottom: number, height: number, count: number): Shown {
  const first = Math.max(0, Math.min(count, Math.floor(top / height)) - SPARE);
  const end = Math.min(count, Math.max(first, Math.ceil(bottom / height) + SPARE));
  return { first, end };
}

/**
 * Which rows of equal height are on screen, in a list that scrolls with the page, or inside a box. Only
 * these are drawn, so that a list of any length costs the same.
 */
export function useWindowing(
  list: HTMLElement | null,
  box: HTMLElement | 'page' | null,
  height: number,
  count: number,
): Shown {
  const [shown, setShown] = useState<Shown>({ first: 0, end: Math.min(count, 60) });
  useEffect(() => {
    if (!list || !box) return;
    const scroller = box === 'page' ? null : box;
    let frame = 0;
    const measure = (): void => {
      frame = 0;
      const edge = scroller?.getBoundingClientRect().top ?? 0;
      const top = edge - list.getBoundingClientRect().top;
      const seen = scroller?.clientHeight ?? window.innerHeight;
      const next = rowsBetween(top, top + seen, height, count);
      setShown((last) => (last.first === next.first && last.end === next.end ? last : next));
    };
    const later = (): void => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    const target: HTMLElement | Window = scroller ?? window;
    target.addEventListener('scroll', later, { passive: true });
    window.addEventListener('resize', later);
    const observer = new ResizeObserver(later);
    observer.observe(scroller ?? document.body);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      target.removeEventListener('scroll', later);
      window.removeEventListener('resize', later);
    };
  }, [list, box, height, count]);
  return { first: Math.min(shown.first, count), end: Math.min(shown.end, count) };
}

/** The position to scroll to so that a row is visible between the edges of what is seen; null if it is. */
export function scrollFor(
  index: number,
  height: number,
  top: number,
  seen: number,
  margin = 0,
): number | null {
  if (index * height < top + margin) return Math.max(0, index * height - margin);
  if ((index + 1) * height > top + seen) return (index + 1) * height - seen;
  return null;
}
