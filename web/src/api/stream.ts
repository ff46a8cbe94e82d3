/** The state of a stream of server-sent events: `open` receives events, `waiting` is between two attempts to connect. */
export type StreamState = 'connecting' | 'open' | 'waiting' | 'closed';

/** The parts of `EventSource` that are used here, so that tests can replace it. */
export interface Source {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface StreamOptions {
  /** The address of the stream; the id of the last event is added when it is reopened. */
  url: string;
  /** Events that count as updates; a `heartbeat` counts too if its id shows commits since the last update. */
  events: string[];
  /** Called on every update. */
  onUpdate: () => void;
  /** Called when the state changes. */
  onState: (state: StreamState) => void;
  open?: (url: string) => Source;
}

const CLOSED = 2;
/** The server sends something every 15 s; a connection that misses three in a row counts as dead. */
const SILENCE_MS = 50_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * A persistent stream. After a broken connection the browser reconnects and sends the id of the last event. A connection
 * that the browser gives up on (refused or silent) is reopened here, with the same id and growing pauses.
 */
export class LiveStream {
  private source: Source | null = null;
  private state: StreamState = 'closed';
  private lastId = '';
  private pause = FIRST_PAUSE_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly options: StreamOptions;

  constructor(options: StreamOptions) {
    this.options = options;
  }

  /** Opens the stream, or opens it again after `close`. */
  start(): void {
    if (this.state !== 'closed') return;
    this.connect();
  }

  /** Closes the connection; `start` resumes after the last event. */
  close(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
    this.setState('closed');
  }

  private connect(): void {
    this.setState(this.state === 'waiting' ? 'waiting' : 'connecting');
    const open = this.options.open ?? ((url: string): Source => new EventSource(url));
    const source = open(this.address());
    this.source = source;
    source.addEventListener('open', () => {
      this.pause = FIRST_PAUSE_MS;
      this.setState('open');
      this.watch();
    });
    source.addEventListener('error', () => this.failed(source));
    for (const name of new Set([...this.options.events, 'heartbeat'])) {
      source.addEventListener(name, (event) => this.received(name, event.lastEventId));
    }
    this.watch();
  }

  private address(): string {
    if (!this.lastId) return this.options.url;
    const joint = this.options.url.includes('?') ? '&' : '?';
    return `${this.options.url}${joint}lastEventId=${encodeURIComponent(this.lastId)}`;
  }

  private received(name: string, id: string): void {
    this.watch();
    this.setState('open');
    const moved = id !== '' && id !== this.lastId;
    if (id) this.lastId = id;
    if (name !== 'heartbeat' || moved) this.options.onUpdate();
  }

  private failed(source: Source): void {
    if (source !== this.source) return;
    this.setState('waiting');
    // Otherwise the browser is already reconnecting.
    if (source.readyState === CLOSED) this.reopen();
  }

  private reopen(): void {
    this.source?.close();
    this.source = null;
    clearTimeout(this.timer);
    this.setState('waiting');
    this.timer = setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }

  private watch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.reopen(), SILENCE_MS);
  }

  private setState(state: StreamState): void {
    if (state === this.state) return;
    this.state = state;
    this.options.onState(state);
  }
}
