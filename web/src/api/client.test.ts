import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError, ask, call, withParameters } from './client';

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(body === null ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** Answers one after the other; the last one stays. */
function answering(...answers: Response[]): { asked: () => number } {
  const fetched = vi.fn(() => {
    const next = answers.length > 1 ? answers.shift() : answers[0]?.clone();
    return Promise.resolve(next as Response);
  });
  vi.stubGlobal('fetch', fetched);
  return { asked: () => fetched.mock.calls.length };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('a call', () => {
  test('without a body answers nothing', async () => {
    answering(answer(204, null));
    expect(await call('DELETE', '/x')).toBeUndefined();
    answering(answer(202, null, { 'content-length': '0' }));
    expect(await call('POST', '/x', {})).toBeUndefined();
  });

  test('that is refused says the problem and when to try again', async () => {
    const problem = { code: 'too_many_attempts', title: 'Too many', status: 429 };
    const { asked } = answering(answer(429, problem, { 'retry-after': '75' }));
    const error = await call('POST', '/x', {}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).retryAfter).toBe(75);
    expect((error as ApiError).problem.code).toBe('too_many_attempts');
    expect(asked()).toBe(1);
  });
});

describe('a read', () => {
  test('that is refused for now waits as long as it is asked to, then goes on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
    const { asked } = answering(
      answer(429, { code: 'rate_limited' }, { 'retry-after': '7' }),
      answer(200, { rows: [] }),
    );
    const found = ask('GET', '/x');
    await vi.advanceTimersByTimeAsync(6_900);
    expect(asked()).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(await found).toEqual({ rows: [] });
    expect(asked()).toBe(2);
  });

  test('that fails otherwise fails at once', async () => {
    const { asked } = answering(answer(500, { code: 'internal' }));
    await expect(ask('GET', '/x')).rejects.toThrow();
    expect(asked()).toBe(1);
  });
});

test('parameters without a value are left out', () => {
  expect(withParameters('/x', { a: 1, b: undefined, c: null, d: '', e: 'f g' })).toBe(
    '/x?a=1&e=f+g',
  );
  expect(withParameters('/x', {})).toBe('/x');
});
