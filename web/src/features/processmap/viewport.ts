import type { Box } from './layout/model';

/** How the map is moved and scaled: a point of it is drawn at `scale * point + (x, y)`. */
export interface Viewport {
  x: number;
  y: number;
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

/** How far the map can be scaled. */
export const SCALE = { least: 0.12, most: 2 };
/** Below this scale, cards show names only, larger. */
export const FAR = 0.75;
/** The smallest scale at which names can be read. */
const LEGIBLE = 0.5;
/** The scale at which a map opens whose names could not be read if it were shown whole. */
const COMFORTABLE = 0.6;
/** The height that the buttons need below the map, in pixels. */
const BUTTONS = 44;
/** Small maps are scaled up to fill their room, but never so far that their texts stand out from those around them. */
const LARGEST_FIT = 1.2;
/** Legible scales are this many to a unit, so that a map that a refresh makes a little larger keeps its scale. */
const NOTCHES = 20;
/** The heights of maps differ by this much, for the same reason, in pixels. */
const HEIGHT_NOTCH = 48;

const clampScale = (scale: number): number => Math.max(SCALE.least, Math.min(SCALE.most, scale));

const notched = (scale: number): number =>
  scale < LEGIBLE ? scale : Math.floor(scale * NOTCHES + 1e-6) / NOTCHES;

/** The whole map, centred. */
export function fitted(map: Size, room: Size): Viewport {
  const largest = Math.min(room.width / map.width, (room.height - BUTTONS) / map.height);
  const scale = clampScale(notched(Math.min(largest, LARGEST_FIT)));
  return {
    scale,
    x: (room.width - map.width * scale) / 2,
    y: (room.height - BUTTONS - map.height * scale) / 2,
  };
}

/**
 * How a map opens: whole if its names can be read then, otherwise from its beginning, as large as its height allows,
 * with `start` in the middle if not even the height fits.
 */
export function opening(map: Size, room: Size, start: Box | undefined): Viewport {
  const whole = fitted(map, room);
  if (whole.scale >= LEGIBLE) return whole;
  const height = room.height - BUTTONS;
  const scale = Math.max(LEGIBLE, Math.min(COMFORTABLE, height / map.height));
  const middle = start ? start.y + start.height / 2 : map.height / 2;
  const fits = map.height * scale <= height;
  return { scale, x: 0, y: height / 2 - (fits ? map.height / 2 : middle) * scale };
}

/**
 * The height of the room for a map, without that of its buttons, as styles: as much as the map needs when its width fits,
 * so that a flat one leaves nothing empty, and at most `most`.
 */
export function roomFor({ width, height }: Size, most: string) {
  const needed = Math.ceil(height / HEIGHT_NOTCH) * HEIGHT_NOTCH;
  return {
    aspectRatio: `${Math.round(width)} / ${needed}`,
    minHeight: `min(${Math.round(needed * COMFORTABLE)}px, ${most})`,
    maxHeight: `min(${Math.round(needed * LARGEST_FIT)}px, ${most})`,
  };
}

/** Scales by a factor about a point of the screen, which stays where it is. */
export function zoomed(view: Viewport, factor: number, at: { x: number; y: number }): Viewport {
  const scale = clampScale(view.scale * factor);
  const ratio = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio };
}

/** Moves the map, but never so far that nothing of it is left to hold. */
export function moved(view: Viewport, dx: number, dy: number, map: Size, room: Size): Viewport {
  const keep = 60;
  const within = (value: number, size: number, length: number): number =>
    Math.max(keep - size * view.scale, Math.min(length - keep, value));
  return {
    scale: view.scale,
    x: within(view.x + dx, map.width, room.width),
    y: within(view.y + dy, map.height, room.height),
  };
}

/** Moves the map as little as is needed to show a box with some space around it. */
export function revealed(view: Viewport, box: Box, room: Size): Viewport {
  const space = 24;
  const shift = (from: number, size: number, length: number): number => {
    const to = from + size;
    if (from < space) return space - from;
    return to > length - space ? length - space - to : 0;
  };
  const { scale } = view;
  return {
    scale,
    x: view.x + shift(box.x * scale + view.x, box.width * scale, room.width),
    y: view.y + shift(box.y * scale + view.y, box.height * scale, room.height),
  };
}

/** The part of the map that is on the screen, in the map's own pixels. */
export function visible({ x, y, scale }: Viewport, room: Size): Box {
  return { x: -x / scale, y: -y / scale, width: room.width / scale, height: room.height / scale };
}
