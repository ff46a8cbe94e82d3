import { noteServerTime } from '@/lib/clock';
import { problems as words } from '@/words';
import { pace } from './pace';
import type { Problem } from './types';

/** A request that did not succeed: the server's problem, or `unreachable` when it did not answer. */
export class ApiError extends Error {
  readonly problem: Problem;
  /** How many seconds the server asks to wait before trying again; null if it does not say. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** Whether the session has ended. Other 401 responses concern what the user typed: a password or a code. */
  get unauthenticated(): boolean {
    return ['unauthenticated', 'http_401'].includes(this.problem.code);
  }
}

/** Turns any thrown value into a problem that can be shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { title: words.unexpected, status: 0, code: 'unexpected', detail };
}

/** Whether a failed request may succeed later without a change: the server did not answer, or could not. */
export function mayPass(error: unknown): boolean {
  const { status } = asProblem(error);
  return status === 0 || status >= 500;
}

/** What is wrong in the fewest words: the code of the server's problem, or that the server did not answer. */
export function reasonOf(error: unknown): string {
  const { status, code, title } = asProblem(error);
  return status > 0 ? code : title;
}

/** What is wrong and, where the server knows it, how to fix it. */
export function problemMessage(problem: Problem): string {
  return [problem.detail ?? problem.title, problem.fix].filter(Boolean).join(' ');
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = {
    title: response.statusText || words.requestFailed,
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
  ifMatch?: string,
): Promise<Response> {
  try {
    const response = await fetch(path, {
      method,
      signal,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    noteServerTime(response.headers.get('date'));
    return response;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError({
      title: words.notResponding,
      status: 0,
      code: 'unreachable',
      detail: words.unreachable,
    });
  }
}

async function bodyOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw new ApiError(await problemOf(response), retryAfterOf(response));
  const empty = response.status === 204 || response.headers.get('content-length') === '0';
  return empty ? (undefined as T) : ((await response.json()) as T);
}

/**
 * Calls the API once. Returns the parsed body, or undefined if there is none. `ifMatch` is the tag of the version that
 * is to be changed. Throws `ApiError`.
 */
export async function call<T>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  ifMatch?: string,
): Promise<T> {
  return bodyOf(await send(method, path, body, signal, ifMatch));
}

/** How many times a read is retried because the server asked to wait. */
const MAX_WAITS = 20;

/** Reads from the API. If the server limits this user's requests, waits as long as it asks and tries again. */
export async function pacedCall<T>(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    await pace.ready(signal);
    const response = await send(method, path, body, signal);
    pace.note(response.headers);
    if (response.status !== 429 || waits === MAX_WAITS) return bodyOf(response);
    pace.hold(Math.max(1, retryAfterOf(response) ?? 1));
  }
}

/** The value of a query parameter; one with several values is repeated. */
type Parameter = string | number | string[] | undefined | null;

/** A path with its query parameters; those without a value are left out. */
export function withParameters(path: string, parameters: Record<string, Parameter>): string {
  const written = new URLSearchParams();
  for (const [name, values] of Object.entries(parameters)) {
    for (const value of Array.isArray(values) ? values : [values]) {
      if (value !== undefined && value !== null && value !== '')
        written.append(name, String(value));
    }
  }
  const text = written.toString();
  return text ? `${path}?${text}` : path;
}
