import {
  useEffect,
  useState,
  type FocusEvent,
  type HTMLAttributes,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { createPortal } from 'react-dom';

const WIDTH = 288;
const GAP = 4;

/** What a focused cell has to say beyond what it shows: its title, or a name that is cut. */
function tellingOf(target: Element, cell: HTMLTableCellElement): string {
  if (target === cell) {
    return cell.title || (cell.querySelector<HTMLElement>('[title]')?.title ?? '');
  }
  const cut = [cell, target].some((element) => element.scrollWidth > element.clientWidth);
  return cut ? (target.textContent ?? '') : '';
}

/** The cell to which an arrow key leads, among those that can be focused. */
function neighbour(cell: HTMLTableCellElement, key: string): HTMLElement | null {
  const row = cell.parentElement as HTMLTableRowElement;
  const able = (element: Element | null | undefined): HTMLElement | null =>
    element instanceof HTMLElement && element.hasAttribute('tabindex') ? element : null;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const other = key === 'ArrowUp' ? row.previousElementSibling : row.nextElementSibling;
    return able(other?.children[cell.cellIndex]);
  }
  let next: Element | null = cell;
  do next = key === 'ArrowLeft' ? next.previousElementSibling : next.nextElementSibling;
  while (next && !able(next));
  return able(next);
}

const ARROWS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];

/**
 * Makes the titles of cells reachable without a pointer: one cell of the table can be reached with Tab, the arrow keys
 * move to the others, and a tooltip shows what the title of the focused cell says. A finger focuses a cell by tapping it.
 */
export function useCellTips(first: string | undefined): {
  /** The attributes of a cell that has a title; `key` is unique in the table. */
  cell: (key: string) => HTMLAttributes<HTMLTableCellElement>;
  /** The handlers of the element around the cells. */
  body: HTMLAttributes<HTMLTableSectionElement>;
  tip: ReactNode;
} {
  const [stop, setStop] = useState<string | null>(null);
  const [shown, setShown] = useState<{ cell: HTMLTableCellElement; text: string } | null>(null);
  const onFocus = (event: FocusEvent): void => {
    const cell = event.target.closest('td');
    if (!cell) return;
    const text = tellingOf(event.target, cell);
    setShown(text ? { cell, text } : null);
    if (event.target === cell && cell.dataset.cell) setStop(cell.dataset.cell);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') return setShown(null);
    const cell = event.target;
    if (!(cell instanceof HTMLTableCellElement) || !ARROWS.includes(event.key)) return;
    event.preventDefault();
    neighbour(cell, event.key)?.focus();
  };
  return {
    cell: (key) => ({
      tabIndex: key === (stop ?? first) ? 0 : -1,
      ...{ 'data-cell': key },
    }),
    body: { onFocus, onBlur: () => setShown(null), onKeyDown },
    tip: shown && <Tip of={shown.cell} text={shown.text} />,
  };
}

/** A tooltip below an element, or above it at the foot of the window. */
export function Tip({ of, text }: { of: Element; text: string }): ReactNode {
  const [box, setBox] = useState(() => of.getBoundingClientRect());
  useEffect(() => {
    const follow = (): void => setBox(of.getBoundingClientRect());
    follow();
    window.addEventListener('scroll', follow, { capture: true, passive: true });
    return () => window.removeEventListener('scroll', follow, { capture: true });
  }, [of]);
  const above = box.bottom > window.innerHeight * 0.75;
  return createPortal(
    <div
      role="tooltip"
      style={{
        left: Math.max(8, Math.min(box.left, window.innerWidth - WIDTH - 8)),
        maxWidth: WIDTH,
        ...(above ? { bottom: window.innerHeight - box.top + GAP } : { top: box.bottom + GAP }),
      }}
      className="pointer-events-none fixed z-50 rounded-md border border-line-strong bg-raised px-2.5 py-1.5 text-xs wrap-anywhere"
    >
      <bdi>{text}</bdi>
    </div>,
    document.body,
  );
}
