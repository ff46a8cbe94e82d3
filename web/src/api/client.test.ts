import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError, call, pacedCall, reasonOf, withParameters } from './client';

function response(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(body === null ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** Stubs `fetch` with these responses in order; the last one repeats. */
function stubFetch(...responses: Response[]): { calls: () => number } {
  const fetched = vi.fn(() => {
    const next = responses.length > 1 ? responses.shift() : responses[0]?.clone();
    return Promise.resolve(next as Response);
  });
  vi.stubGlobal('fetch', fetched);
  return { calls: () => fetched.mock.calls.length };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the reason of a failure', () => {
  test('is the server’s code, or words where it did not answer', async () => {
    expect(reasonOf(new ApiError({ code: 'forbidden', title: 'No', status: 403 }))).toBe(
      'forbidden',
    );
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    const error: unknown = await call('GET', '/x').catch((thrown: unknown) => thrown);
    expect(reasonOf(error)).toBe('The server is not responding');
  });
});

describe('a call', () => {
  test('returns nothing if the response has no body', async () => {
    stubFetch(response(204, null));
    expect(await call('DELETE', '/x')).toBeUndefined();
    stubFetch(response(202, null, { 'content-length': '0' }));
    expect(await call('POST', '/x', {})).toBeUndefined();
  });

  test('throws the problem and the time to wait if it is refused', async () => {
    const problem = { code: 'too_many_attempts', title: 'Too many', status: 429 };
    const { calls } = stubFetch(response(429, problem, { 'retry-after': '75' }));
    const error = await call('POST', '/x', {}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).retryAfter).toBe(75);
    expect((error as ApiError).problem.code).toBe('too_many_attempts');
    expect(calls()).toBe(1);
  });
});

describe('a paced call', () => {
  test('waits as long as the server asks, then tries again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
    const { calls } = stubFetch(
      response(429, { code: 'rate_limited' }, { 'retry-after': '7' }),
      response(200, { rows: [] }),
    );
    const found = pacedCall('GET', '/x');
    await vi.advanceTimersByTimeAsync(6_900);
    expect(calls()).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(await found).toEqual({ rows: [] });
    expect(calls()).toBe(2);
  });

  test('fails at once on any other error', async () => {
    const { calls } = stubFetch(response(500, { code: 'internal' }));
    await expect(pacedCall('GET', '/x')).rejects.toThrow();
    expect(calls()).toBe(1);
  });
});

test('parameters without a value are left out', () => {
  expect(withParameters('/x', { a: 1, b: undefined, c: null, d: '', e: 'f g' })).toBe(
    '/x?a=1&e=f+g',
  );
  expect(withParameters('/x', {})).toBe('/x');
});
