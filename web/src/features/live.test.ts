import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { streamUrl, throttled } from './live';
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

  test('is absent if nothing can change, or if the view is paused', () => {
    const past = { ...view, range: { kind: 'absolute', from: 0, to: 1 } } as View;
    expect(streamUrl(past, undefined)).toBeNull();
    expect(streamUrl({ ...view, live: false }, undefined)).toBeNull();
  });
});

describe('throttling', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('turns many requests into one run now and one later', () => {
    let done = 0;
    const { request } = throttled(
      () => (done += 1),
      () => 1_000,
    );
    for (let i = 0; i < 50; i += 1) request();
    expect(done).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(done).toBe(2);
    vi.advanceTimersByTime(10_000);
    expect(done).toBe(2);
    request();
    expect(done).toBe(3);
  });

  test('waits out a pause that began without a run', () => {
    let done = 0;
    const { request, rest } = throttled(
      () => (done += 1),
      () => 1_000,
    );
    rest();
    request();
    vi.advanceTimersByTime(999);
    expect(done).toBe(0);
    vi.advanceTimersByTime(1);
    expect(done).toBe(1);
  });

  test('does nothing more once stopped', () => {
    let done = 0;
    const { request, stop } = throttled(
      () => (done += 1),
      () => 1_000,
    );
    request();
    request();
    stop();
    vi.advanceTimersByTime(5_000);
    expect(done).toBe(1);
  });
});
