import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { calmly, streamUrl } from './live';
import type { View } from './view';

const view = {
  project: { id: 'p-1', tenant: { id: 't-1', name: 'T' } },
  env: 'production',
  range: { kind: 'last', last: '7d' },
  zone: 'Europe/Amsterdam',
  live: true,
} as unknown as View;

describe('the stream of a view', () => {
  test('covers what the view shows', () => {
    const url = new URL(streamUrl(view, 'orders') ?? '', 'http://weir');
    expect(url.pathname).toBe('/api/v1/sse/counts/t-1');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      projectId: 'p-1',
      events: 'counts.update',
      timezone: 'Europe/Amsterdam',
      last: '7d',
      environment: 'production',
      workflowId: 'orders',
    });
  });

  test('is none where nothing can change, or where it is paused', () => {
    const past = { ...view, range: { kind: 'absolute', from: 0, to: 1 } } as View;
    expect(streamUrl(past, undefined)).toBeNull();
    expect(streamUrl({ ...view, live: false }, undefined)).toBeNull();
  });
});

describe('calm', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('much news is one refresh now and one later', () => {
    let done = 0;
    const { ask } = calmly(
      () => (done += 1),
      () => 1_000,
    );
    for (let i = 0; i < 50; i += 1) ask();
    expect(done).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(done).toBe(2);
    vi.advanceTimersByTime(10_000);
    expect(done).toBe(2);
    ask();
    expect(done).toBe(3);
  });

  test('what is stopped does nothing more', () => {
    let done = 0;
    const { ask, stop } = calmly(
      () => (done += 1),
      () => 1_000,
    );
    ask();
    ask();
    stop();
    vi.advanceTimersByTime(5_000);
    expect(done).toBe(1);
  });
});
