import { useLayoutEffect, type RefObject } from 'react';

/**
 * Hides those labels of a table that scrolls sideways (`data-label`) of which the first column or an edge covers a part:
 * half of a time is misread. Labels that stay beside the first column find its width in `--heading`.
 */
export function useWholeLabels(box: RefObject<HTMLElement | null>, drawn: unknown): void {
  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    const heading = area.querySelector('thead th')?.clientWidth ?? 0;
    area.style.setProperty('--heading', `${heading}px`);
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, intersectionRatio } of entries) {
          target.classList.toggle('invisible', intersectionRatio < 0.98);
        }
      },
      { root: area, rootMargin: `0px 0px 0px -${Math.max(0, heading - 1)}px`, threshold: 0.98 },
    );
    area.querySelectorAll('[data-label]').forEach((label) => observer.observe(label));
    return () => observer.disconnect();
  }, [box, drawn]);
}
