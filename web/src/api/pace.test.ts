import { describe, expect, test } from 'vitest';
import { Pace } from './pace';

const left = (r: number, q = 60, name = 'reads'): Headers =>
  new Headers({ RateLimit: `"${name}";r=${r};t=12`, 'RateLimit-Policy': `"${name}";q=${q};w=60` });

describe('the pace of a page', () => {
  test('slows down as the limit is used up, and speeds up again', () => {
    const pace = new Pace();
    const pauseWith = (r: number): number => {
      pace.note(left(r));
      return pace.pause;
    };
    const pauses = [60, 30, 15, 5].map(pauseWith);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(new Set(pauses).size).toBe(4);
    expect(pauseWith(60)).toBe(pauses[0]);
  });

  test('follows the limit with the least left', () => {
    const pace = new Pace();
    pace.note(left(6));
    const pause = pace.pause;
    pace.note(left(599, 600, 'requests'));
    expect(pace.pause).toBe(pause);
    pace.note(left(60));
    expect(pace.pause).toBeLessThan(pause);
  });

  test('stays below the limit once little of it is left', () => {
    // An immediate refresh sends two queries; the tables send three more every half minute.
    const pace = new Pace();
    pace.note(left(12));
    expect((60_000 / pace.pause) * 2 + 2 * 3).toBeLessThan(60);
  });

  test('stays at its default if the headers are missing or invalid', () => {
    const pace = new Pace();
    const usual = pace.pause;
    for (const headers of [new Headers(), left(5, 0), new Headers({ RateLimit: 'nonsense' })]) {
      pace.note(headers);
      expect(pace.pause).toBe(usual);
    }
  });

  test('waits as long as the server asks, and notifies its listeners', async () => {
    let now = 1_000;
    const pace = new Pace(() => now);
    let notified = 0;
    pace.subscribe(() => (notified += 1));
    expect(pace.heldUntil).toBe(0);
    pace.hold(8);
    pace.hold(2);
    expect(pace.heldUntil).toBe(9_000);
    expect(notified).toBe(2);
    now = 9_000;
    expect(pace.heldUntil).toBe(0);
    await pace.ready();
  });

  test('stops waiting for a request that is cancelled', async () => {
    const pace = new Pace(() => 0);
    pace.hold(3_600);
    const control = new AbortController();
    const waiting = pace.ready(control.signal);
    control.abort();
    await expect(waiting).rejects.toThrow('cancelled');
  });
});
