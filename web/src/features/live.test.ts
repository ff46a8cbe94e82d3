import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '@/api/client';
import { askAgain, streamUrl, throttled } from './live';
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

describe('a server that is back', () => {
  test('is asked again for what it could not answer, and not for what it refused or has answered', async () => {
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    const asked: Record<string, number> = {};
    const follow = (name: string, status: number | null): (() => void) => {
      const queryFn = (): Promise<string> => {
        asked[name] = (asked[name] ?? 0) + 1;
        const problem = { title: name, status: status ?? 200, code: name };
        const fails = status !== null && asked[name] === 1;
        return fails ? Promise.reject(new ApiError(problem)) : Promise.resolve(name);
      };
      return new QueryObserver(client, { queryKey: [name], queryFn }).subscribe(() => undefined);
    };
    const stops = [
      follow('gone', 0),
      follow('starting', 503),
      follow('refused', 403),
      follow('answered', null),
    ];
    await vi.waitFor(() => expect(client.isFetching()).toBe(0));
    await askAgain(client);
    expect(asked).toEqual({ gone: 2, starting: 2, refused: 1, answered: 1 });
    expect(client.getQueryData(['gone'])).toBe('gone');
    stops.forEach((stop) => stop());
  });
});
