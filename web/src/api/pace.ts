/** One limit in the headers of an answer: `"person";r=12;t=30` and `"person";q=60;w=60`. */
function parameter(header: string | null, name: string): number | null {
  const match = new RegExp(`;\\s*${name}=(\\d+)`).exec(header ?? '');
  return match ? Number(match[1]) : null;
}

/** The name of a limit and what is left of it, as a share from 0 to 1; null where an answer says nothing of one. */
function shareLeft(headers: Headers): [string, number] | null {
  const [limit, policy] = [headers.get('ratelimit'), headers.get('ratelimit-policy')];
  const name = /^"([^"]*)"/.exec(limit ?? '')?.[1];
  const left = parameter(limit, 'r');
  const quota = parameter(policy, 'q');
  if (name === undefined || left === null || quota === null || quota <= 0) return null;
  return [name, Math.max(0, Math.min(1, left / quota))];
}

/** From which share left on the page refreshes at which calm, in milliseconds. */
const CALM: [number, number][] = [
  [0.7, 1_000],
  [0.4, 3_000],
  [0.2, 10_000],
  [0, 30_000],
];
/** Where the server says nothing about limits. */
const USUAL_CALM = 3_000;

/**
 * How fast this page may ask. The server allows a person so many requests a minute, over all of their pages, and says
 * with each answer what is left: the page slows down before it is refused, and waits as long as it is told when it was.
 */
export class Pace {
  /** What is left of each limit that an answer told of. */
  private readonly shares = new Map<string, number>();
  private opensAt = 0;
  private readonly listeners = new Set<() => void>();
  private readonly now: () => number;

  constructor(now: () => number = () => Date.now()) {
    this.now = now;
  }

  /** Reads what an answer says about the limit. */
  note(headers: Headers): void {
    const told = shareLeft(headers);
    if (told) this.shares.set(...told);
  }

  /** The server refused, and asked to wait. */
  hold(seconds: number): void {
    this.opensAt = Math.max(this.opensAt, this.now() + seconds * 1000);
    this.listeners.forEach((listener) => listener());
  }

  /** Until when nothing is asked; 0 where nothing stands in the way. */
  get heldUntil(): number {
    return this.opensAt > this.now() ? this.opensAt : 0;
  }

  /** How long a live page rests between two refreshes, in milliseconds. */
  get calm(): number {
    if (this.shares.size === 0) return USUAL_CALM;
    const share = Math.min(...this.shares.values());
    return CALM.find(([from]) => share >= from)?.[1] ?? USUAL_CALM;
  }

  /** Waits until the server takes requests again. */
  async open(signal?: AbortSignal): Promise<void> {
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
      reject(new DOMException('The request is no longer wanted', 'AbortError'));
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
