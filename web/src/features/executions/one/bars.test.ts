import { describe, expect, it } from 'vitest';
import { noteAt, roomFor } from './Bars';

const WIDTH = 600;
const at = (left: number, width: number, text = '48.5 s') =>
  noteAt({ left, width }, WIDTH, roomFor(text), false).style;

describe('the note beside a bar', () => {
  it('is right of the bar if there is room for what it says', () => {
    expect(at(0, 500)).toMatchObject({ left: 506 });
    expect(at(0, 500, '48.5 s · 3 attempts · 1 → 12 items')).not.toHaveProperty('left');
  });

  it('is otherwise where there is more room: left of the bar, or at its end', () => {
    expect(at(500, 90)).toMatchObject({ right: 102, maxWidth: 500 });
    expect(at(120, 470)).toMatchObject({ right: 482, maxWidth: 120 });
    expect(at(90, 490)).toMatchObject({ right: 26, maxWidth: 478 });
  });

  it('covers the line that is drawn on either side of a bar with others inside', () => {
    expect(noteAt({ left: 0, width: 100 }, WIDTH, 60, true).style).toHaveProperty('background');
  });

  it('leaves the bar in one piece where it lies inside it', () => {
    const { style, inside } = noteAt({ left: 10, width: 580 }, WIDTH, 60, false);
    expect(inside).toBe(true);
    expect(style).not.toHaveProperty('background');
  });
});
