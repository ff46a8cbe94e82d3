/** A rectangle, in any unit of length. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const sumOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

/** How long the thinnest rectangle of a strip is for its width, if areas share a side of this length. */
function worst(areas: number[], side: number): number {
  const depth = sumOf(areas) / side;
  return Math.max(...areas.map((area) => Math.max(depth ** 2 / area, area / depth ** 2)));
}

/** How many of the areas share the next strip: as many as make its rectangles less thin. */
function stripLength(areas: number[], side: number): number {
  let count = 1;
  while (
    count < areas.length &&
    worst(areas.slice(0, count + 1), side) <= worst(areas.slice(0, count), side)
  ) {
    count += 1;
  }
  return count;
}

/** Areas next to each other along the shorter side of a box, and the box that is left. */
function strip(areas: number[], box: Box): { boxes: Box[]; rest: Box } {
  const upright = box.width >= box.height;
  const side = upright ? box.height : box.width;
  const depth = sumOf(areas) / side;
  let offset = 0;
  const boxes = areas.map((area): Box => {
    const length = area / depth;
    const at = offset;
    offset += length;
    return upright
      ? { x: box.x, y: box.y + at, width: depth, height: length }
      : { x: box.x + at, y: box.y, width: length, height: depth };
  });
  const rest = upright
    ? { ...box, x: box.x + depth, width: box.width - depth }
    : { ...box, y: box.y + depth, height: box.height - depth };
  return { boxes, rest };
}

/**
 * Fills a box with a rectangle for each value, of an area in proportion to it and as square as possible: the squarified
 * treemap of Bruls, Huizing and van Wijk (2000). Values are positive, the largest first.
 */
export function squarified(values: number[], box: Box): Box[] {
  const scale = (box.width * box.height) / sumOf(values);
  let left = values.map((value) => value * scale);
  let rest = box;
  const boxes: Box[] = [];
  while (left.length > 0) {
    const count = stripLength(left, Math.min(rest.width, rest.height));
    const filled = strip(left.slice(0, count), rest);
    boxes.push(...filled.boxes);
    left = left.slice(count);
    rest = filled.rest;
  }
  return boxes;
}
