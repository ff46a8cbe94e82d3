import { useEffect, useState, type RefObject } from 'react';
import type { Box } from './layout/model';
import { followPointers, spotIn, type Spot } from './pointers';
import {
  FAR,
  fitted,
  moved,
  opening,
  revealed,
  visible,
  zoomed,
  type Size,
  type Viewport,
} from './viewport';

/** The factor of one press of a zoom button. */
const STEP = 1.3;
/** How much a turn of the wheel scales, per pixel. */
const WHEEL = 0.004;

/** The elements that a control moves. */
export interface Parts {
  /** What is seen. */
  area: HTMLElement;
  /** What is moved. */
  content: HTMLElement;
  /** The rectangle of the small map that stands for what is seen. */
  frame: SVGRectElement | null;
}

/** The map that is moved. */
export interface Moved extends Size {
  /** Where it begins. */
  start: Box | undefined;
}

/**
 * Moves and scales a map by mouse, finger and buttons. It writes to the elements itself: a drag renders nothing, so that
 * it stays smooth whatever the size of the map.
 */
export class MapControl {
  private view: Viewport = { x: 0, y: 0, scale: 1 };
  private parts: Parts | null = null;
  private map: Moved = { width: 0, height: 0, start: undefined };
  /** Once its reader has moved the map, it stays there, whatever becomes of its surroundings. */
  private touched = false;

  /** Moves these elements until the function that it returns is called. */
  attach(parts: Parts, map: Moved): () => void {
    this.parts = parts;
    this.map = map;
    const { area } = parts;
    const observer = new ResizeObserver(() => this.settle());
    observer.observe(area);
    const stop = followPointers(area, {
      move: (dx, dy) => this.change(moved(this.view, dx, dy, this.map, this.room())),
      pinch: (factor, at) => this.change(zoomed(this.view, factor, at)),
    });
    const onWheel = (event: WheelEvent): void => this.onWheel(event, area);
    area.addEventListener('wheel', onWheel, { passive: false });
    this.settle();
    return () => {
      observer.disconnect();
      stop();
      area.removeEventListener('wheel', onWheel);
      this.parts = null;
    };
  }

  zoomIn(): void {
    this.change(zoomed(this.view, STEP, this.middle()));
  }

  zoomOut(): void {
    this.change(zoomed(this.view, 1 / STEP, this.middle()));
  }

  /** Shows the whole map. */
  fit(): void {
    this.change(fitted(this.map, this.room()));
  }

  /** Moves the map until a box of it is seen. */
  reveal(box: Box): void {
    this.change(revealed(this.view, box, this.room()));
  }

  /** Puts a point of the map into the middle. */
  centre({ x, y }: Spot): void {
    const { scale } = this.view;
    const middle = this.middle();
    this.change({ scale, x: middle.x - x * scale, y: middle.y - y * scale });
  }

  private onWheel(event: WheelEvent, area: HTMLElement): void {
    // The page scrolls over the map; what Ctrl, two fingers on a touchpad, or a wheel sideways mean is the map.
    const scales = event.ctrlKey || event.metaKey;
    if (!scales && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
    event.preventDefault();
    if (scales)
      this.change(zoomed(this.view, Math.exp(-event.deltaY * WHEEL), spotIn(area, event)));
    else this.change(moved(this.view, -event.deltaX, 0, this.map, this.room()));
  }

  private room(): Size {
    return { width: this.parts?.area.clientWidth ?? 0, height: this.parts?.area.clientHeight ?? 0 };
  }

  private middle(): Spot {
    const { width, height } = this.room();
    return { x: width / 2, y: height / 2 };
  }

  private change(view: Viewport): void {
    this.touched = true;
    this.show(view);
  }

  private settle(): void {
    if (this.map.width === 0 || this.room().width === 0) return;
    this.show(this.touched ? this.view : opening(this.map, this.room(), this.map.start));
  }

  private show(view: Viewport): void {
    this.view = view;
    if (!this.parts) return;
    const { area, content, frame } = this.parts;
    content.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    area.toggleAttribute('data-far', view.scale < FAR);
    const part = visible(view, this.room());
    for (const name of ['x', 'y', 'width', 'height'] as const) {
      frame?.setAttribute(name, String(part[name]));
    }
    const right = part.x + part.width >= this.map.width - 1;
    const bottom = part.y + part.height >= this.map.height - 1;
    area.toggleAttribute('data-whole', part.x <= 1 && part.y <= 1 && right && bottom);
  }
}

/** The control of a map whose elements these are. */
export function useMapControl(
  refs: {
    area: RefObject<HTMLElement | null>;
    content: RefObject<HTMLElement | null>;
    frame: RefObject<SVGRectElement | null>;
  },
  map: Size,
  start: Box | undefined,
): MapControl {
  const [control] = useState(() => new MapControl());
  const { area, content, frame } = refs;
  const { width, height } = map;
  useEffect(() => {
    if (!area.current || !content.current) return;
    const parts = { area: area.current, content: content.current, frame: frame.current };
    return control.attach(parts, { width, height, start });
  }, [control, area, content, frame, width, height, start]);
  return control;
}
