/** Reads a parameter of a rate limit header, such as `"person";r=12;t=30` or `"person";q=60;w=60`. */
function parameter(header: string | null, name: string): number | null {
  const match = new RegExp(`;\\s*${name}=(\\d+)`).exec(header ?? '');
  return match ? Number(match[1]) : null;
}

/** The name of a limit and the share of it that is left, from 0 to 1; null if the response states no limit. */
function shareLeft(headers: Headers): [string, number] | null {
  const [limit, policy] = [headers.get('ratelimit'), headers.get('ratelimit-policy')];
  const name = /^"([^"]*)"/.exec(limit ?? '')?.[1];
  const left = parameter(limit, 'r');
  const quota = parameter(policy, 'q');
  if (name === undefined || left === null || quota === null || quota <= 0) return null;
  return [name, Math.max(0, Math.min(1, left / quota))];
}

/** The smallest share left of the limit, and the pause between two refreshes in milliseconds. */
const PAUSES: [number, number][] = [
  [0.7, 1_000],
  [0.4, 3_000],
  [0.2, 10_000],
  [0, 30_000],
];
/** The pause if the server does not state its limits. */
const DEFAULT_PAUSE = 3_000;

/**
 * How fast this page may send requests. The server allows each user a number of requests per minute, over all of their
 * pages, and states in each response how many are left. The page slows down before it is refused; once it is refused,
 * it waits as long as the server asks.
 */
export class Pace {
  /** The share left of each limit that a response has stated. */
  private readonly shares = new Map<string, number>();
  private heldTo = 0;
  private readonly listeners = new Set<() => void>();
  private readonly now: () => number;

  constructor(now: () => number = () => Date.now()) {
    this.now = now;
  }

  /** Reads the rate limit from the headers of a response. */
  note(headers: Headers): void {
    const left = shareLeft(headers);
    if (left) this.shares.set(...left);
  }

  /** Holds requests back after the server refused one and asked to wait. */
  hold(seconds: number): void {
    this.heldTo = Math.max(this.heldTo, this.now() + seconds * 1000);
    this.listeners.forEach((listener) => listener());
  }

  /** When requests may be sent again (epoch milliseconds); 0 if they may be sent now. */
  get heldUntil(): number {
    return this.heldTo > this.now() ? this.heldTo : 0;
  }

  /** The pause between two refreshes of a live page, in milliseconds. */
  get pause(): number {
    if (this.shares.size === 0) return DEFAULT_PAUSE;
    const share = Math.min(...this.shares.values());
    return PAUSES.find(([from]) => share >= from)?.[1] ?? DEFAULT_PAUSE;
  }

  /** Waits until requests may be sent again. Throws an `AbortError` if the signal is aborted meanwhile. */
  async ready(signal?: AbortSignal): Promise<void> {
    if (this.heldUntil === 0) return;
    while (this.heldUntil > 0) await sleep(this.heldUntil - this.now(), signal);
    this.listeners.forEach((listener) => listener());
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new DOMException('The request was cancelled', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** The pace of this page. */
export const pace = new Pace();
