import { useEffect, type RefObject } from 'react';

/** What stands beside an element, and beside each of its ancestors. Dialogs stay: they open over everything. */
function besides(element: HTMLElement): HTMLElement[] {
  const found: HTMLElement[] = [];
  for (let at: HTMLElement = element; at.parentElement; at = at.parentElement) {
    for (const other of at.parentElement.children) {
      const apart = other !== at && !(other instanceof HTMLDialogElement);
      if (apart && other instanceof HTMLElement && !other.inert) found.push(other);
    }
  }
  return found;
}

/** While something fills the window, puts the page behind it out of reach of the keyboard and of screen readers. */
export function useCoverPage(ref: RefObject<HTMLElement | null>, covered: boolean): void {
  useEffect(() => {
    if (!covered || !ref.current) return;
    const behind = besides(ref.current);
    const set = (inert: boolean): void => behind.forEach((element) => (element.inert = inert));
    set(true);
    return () => set(false);
  }, [ref, covered]);
}
