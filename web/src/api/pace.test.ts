import { describe, expect, test } from 'vitest';
import { Pace } from './pace';

const left = (r: number, q = 60, name = 'reads'): Headers =>
  new Headers({ RateLimit: `"${name}";r=${r};t=12`, 'RateLimit-Policy': `"${name}";q=${q};w=60` });

describe('the pace of a page', () => {
  test('slows down as the limit is used up, and speeds up again', () => {
    const pace = new Pace();
    const calm = (r: number): number => {
      pace.note(left(r));
      return pace.calm;
    };
    const calms = [60, 30, 15, 5].map(calm);
    expect(calms).toEqual([...calms].sort((a, b) => a - b));
    expect(new Set(calms).size).toBe(4);
    expect(calm(60)).toBe(calms[0]);
  });

  test('is that of the limit of which least is left', () => {
    const pace = new Pace();
    pace.note(left(6));
    const calm = pace.calm;
    pace.note(left(599, 600, 'requests'));
    expect(pace.calm).toBe(calm);
    pace.note(left(60));
    expect(pace.calm).toBeLessThan(calm);
  });

  test('spends less than the limit grants once the limit is nearly used up', () => {
    // A refresh at once asks two questions, and tables three more in half a minute.
    const pace = new Pace();
    pace.note(left(12));
    expect((60_000 / pace.calm) * 2 + 2 * 3).toBeLessThan(60);
  });

  test('is usual where the server says nothing, or says what cannot be', () => {
    const pace = new Pace();
    const usual = pace.calm;
    for (const headers of [new Headers(), left(5, 0), new Headers({ RateLimit: 'nonsense' })]) {
      pace.note(headers);
      expect(pace.calm).toBe(usual);
    }
  });

  test('waits as long as the server asks, and tells who listens', async () => {
    let now = 1_000;
    const pace = new Pace(() => now);
    let told = 0;
    pace.subscribe(() => (told += 1));
    expect(pace.heldUntil).toBe(0);
    pace.hold(8);
    pace.hold(2);
    expect(pace.heldUntil).toBe(9_000);
    expect(told).toBe(2);
    now = 9_000;
    expect(pace.heldUntil).toBe(0);
    await pace.open();
  });

  test('what is no longer wanted stops waiting', async () => {
    const pace = new Pace(() => 0);
    pace.hold(3_600);
    const control = new AbortController();
    const waiting = pace.open(control.signal);
    control.abort();
    await expect(waiting).rejects.toThrow('no longer wanted');
  });
});
