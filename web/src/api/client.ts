import { pace } from './pace';
import type { Problem } from './types';

/** A request that did not succeed: the server's problem, or `unreachable` when it did not answer. */
export class ApiError extends Error {
  readonly problem: Problem;
  /** Seconds after which the server asks to try again; null where it says nothing about it. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** Whether the session is over. Other refusals with 401 are about what was typed: a password, a code. */
  get unauthenticated(): boolean {
    return ['unauthenticated', 'http_401'].includes(this.problem.code);
  }
}

/** Any thrown value as a problem that can be shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { title: 'Unexpected answer', status: 0, code: 'unexpected', detail };
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = {
    title: response.statusText || 'Request failed',
    status: response.status,
    code: `http_${response.status}`,
  };
  if (!response.headers.get('content-type')?.includes('json')) return fallback;
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}

function retryAfterOf(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) ? seconds : null;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function send(
  method: Method,
  path: string,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      signal,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError({
      title: 'The server does not answer',
      status: 0,
      code: 'unreachable',
      detail: 'No connection to the Weir server. It may be restarting, or the network is down.',
    });
  }
}

async function bodyOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw new ApiError(await problemOf(response), retryAfterOf(response));
  const empty = response.status === 204 || response.headers.get('content-length') === '0';
  return empty ? (undefined as T) : ((await response.json()) as T);
}

/** One call of the API. Returns the parsed body, or undefined where there is none. Throws `ApiError`. */
export async function call<T>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  return bodyOf(await send(method, path, body, signal));
}

/** How often a read is tried again after the server asked to wait. */
const MOST_WAITS = 20;

/** A call that reads: while the server has too many requests of this person, it waits as long as it is asked to. */
export async function ask<T>(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    await pace.open(signal);
    const response = await send(method, path, body, signal);
    pace.note(response.headers);
    if (response.status !== 429 || waits === MOST_WAITS) return bodyOf(response);
    pace.hold(Math.max(1, retryAfterOf(response) ?? 1));
  }
}

/** A path with its parameters; those without a value are left out. */
export function withParameters(
  path: string,
  parameters: Record<string, string | number | undefined | null>,
): string {
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') written.set(name, String(value));
  }
  const text = written.toString();
  return text ? `${path}?${text}` : path;
}
