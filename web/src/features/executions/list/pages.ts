/** A page of a list that is read by cursor. */
export interface Page<T> {
  rows: T[];
  next: string | undefined;
  /** The position of its first row, if the server says so; null if it has no rows. */
  newest?: string | null;
}

/** Reads the page after a cursor; undefined is the first. */
export type ReadPage<T> = (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;

/** How many pages stay in memory on either side of those on screen. */
const KEPT = 3;
/** How many pages beyond the screen are read ahead. */
const AHEAD = 1;

/**
 * A list without an end, of which only the pages near the screen are in memory. Pages are read in order, because only
 * a page names the cursor of the next one. Cursors stay, so that scrolling back reads a dropped page again.
 */
export class PagedList<T> {
  private readonly loaded = new Map<number, T[]>();
  private readonly loading = new Map<number, AbortController>();
  /** The cursor of each page that has been reached. */
  private readonly cursors: (string | undefined)[] = [undefined];
  private lastRows: number | null = null;
  private wanted: [number, number] = [0, 0];
  private failure: unknown = null;
  private top: string | null | undefined;
  private version = 0;
  private readonly listeners = new Set<() => void>();
  private readonly read: ReadPage<T>;
  /** How many rows a page has; all but the last are full. */
  readonly size: number;

  constructor(read: ReadPage<T>, size: number) {
    this.read = read;
    this.size = size;
  }

  /** How many rows are known to exist. */
  get count(): number {
    const full = this.cursors.length - (this.lastRows === null ? 0 : 1);
    // The page after the newest cursor exists, but has not been read: its rows are drawn as loading.
    const known = Math.max(0, this.lastRows === null ? full - 1 : full);
    return known * this.size + (this.lastRows ?? 0);
  }

  /** Whether the end of the list has been reached. */
  get complete(): boolean {
    return this.lastRows !== null;
  }

  /** Whether nothing has been read yet. */
  get pending(): boolean {
    return this.cursors.length === 1 && this.lastRows === null;
  }

  /** How many rows are in memory. */
  get held(): number {
    return [...this.loaded.values()].reduce((sum, rows) => sum + rows.length, 0);
  }

  /** The position of the first row; undefined until it is known. */
  get newest(): string | null | undefined {
    return this.top;
  }

  get error(): unknown {
    return this.failure;
  }

  /** A row, or undefined while its page is not in memory. */
  row(index: number): T | undefined {
    return this.loaded.get(Math.floor(index / this.size))?.[index % this.size];
  }

  /** The first row in memory that passes. */
  find(passes: (row: T) => boolean): T | undefined {
    return [...this.loaded.values()].flat().find(passes);
  }

  /** Says which rows are on screen: their pages are read, and pages far from them dropped. */
  show(first: number, last: number): void {
    const from = Math.max(0, Math.floor(first / this.size));
    const to = Math.floor(Math.max(first, last) / this.size) + AHEAD;
    this.wanted = [from, to];
    for (const page of this.loaded.keys()) {
      if (page < from - KEPT || page > to + KEPT) this.loaded.delete(page);
    }
    for (const [page, controller] of this.loading) {
      if (page < from - KEPT || page > to + KEPT) controller.abort();
    }
    this.fill();
  }

  /** Reads what is missing again after a failure. */
  retry(): void {
    this.failure = null;
    this.fill();
    this.changed();
  }

  /** Stops all reading. */
  stop(): void {
    for (const controller of this.loading.values()) controller.abort();
    this.loading.clear();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Changes with every change of the list. */
  snapshot = (): number => this.version;

  private fill(): void {
    if (this.failure !== null) return;
    const [from, to] = this.wanted;
    for (let page = from; page <= to && page < this.cursors.length; page += 1) {
      if (!this.loaded.has(page) && !this.loading.has(page)) void this.load(page);
    }
  }

  private async load(page: number): Promise<void> {
    const controller = new AbortController();
    this.loading.set(page, controller);
    try {
      const { rows, next, newest } = await this.read(this.cursors[page], controller.signal);
      if (controller.signal.aborted) return;
      // Later reads of the first page do not move what counts as new.
      if (page === 0 && this.top === undefined) this.top = newest;
      this.loaded.set(page, rows);
      if (page === this.cursors.length - 1) {
        if (next === undefined) this.lastRows = rows.length;
        else this.cursors.push(next);
      }
    } catch (error) {
      if (controller.signal.aborted) return;
      this.failure = error;
    } finally {
      if (this.loading.get(page) === controller) this.loading.delete(page);
    }
    this.fill();
    this.changed();
  }

  private changed(): void {
    this.version += 1;
    this.listeners.forEach((listener) => listener());
  }
}
