/** How far a pointer moves before it drags rather than clicks, in pixels. */
const DRAG_FROM = 4;

/** A point of an element, in pixels from its top left. */
export interface Spot {
  x: number;
  y: number;
}

/** Where in an element something happened. */
export function spotIn(area: HTMLElement, event: { clientX: number; clientY: number }): Spot {
  const box = area.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

interface Moves {
  move: (dx: number, dy: number) => void;
  pinch: (factor: number, at: Spot) => void;
}

/** Follows one pointer that drags, or two that pinch, until it is stopped. A press that does not move stays a click. */
export function followPointers(area: HTMLElement, { move, pinch }: Moves): () => void {
  const pointers = new Map<number, Spot>();
  let dragged = false;
  let pressed: Spot = { x: 0, y: 0 };
  const gap = (): number => {
    const [a, b] = [...pointers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  const drags = (now: Spot): boolean =>
    dragged || pointers.size > 1 || Math.hypot(now.x - pressed.x, now.y - pressed.y) >= DRAG_FROM;
  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    if (pointers.size === 0) dragged = false;
    pressed = spotIn(area, event);
    pointers.set(event.pointerId, pressed);
  };
  const onMove = (event: PointerEvent): void => {
    const last = pointers.get(event.pointerId);
    const now = spotIn(area, event);
    if (!last || !drags(now)) return;
    // Only now: a captured press would no longer click what it began on.
    if (!area.hasPointerCapture(event.pointerId)) area.setPointerCapture(event.pointerId);
    dragged = true;
    const before = gap();
    pointers.set(event.pointerId, now);
    move((now.x - last.x) / pointers.size, (now.y - last.y) / pointers.size);
    const [a, b] = [...pointers.values()];
    const after = gap();
    if (a && b && before > 0 && after > 0) {
      pinch(after / before, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
    }
  };
  const onUp = (event: PointerEvent): void => void pointers.delete(event.pointerId);
  const onClick = (event: MouseEvent): void => {
    if (!dragged) return;
    dragged = false;
    event.stopPropagation();
    event.preventDefault();
  };
  const stop = new AbortController();
  const { signal } = stop;
  area.addEventListener('pointerdown', onDown, { signal });
  area.addEventListener('pointermove', onMove, { signal });
  area.addEventListener('pointerup', onUp, { signal });
  area.addEventListener('pointercancel', onUp, { signal });
  area.addEventListener('click', onClick, { capture: true, signal });
  return () => stop.abort();
}
