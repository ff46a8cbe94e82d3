/** What a stream of server-sent events is doing: `open` hears news, `waiting` is between two tries. */
export type StreamState = 'connecting' | 'open' | 'waiting' | 'closed';

/** The parts of `EventSource` that are used, so that tests can stand in for it. */
export interface Source {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface StreamOptions {
  /** Address of the stream; the id of the last event is added when it is opened again. */
  url: string;
  /** Events that are news; `heartbeat` is one when its id tells of commits since the last news. */
  events: string[];
  /** News came. */
  onNews: () => void;
  /** The state changed. */
  onState: (state: StreamState) => void;
  open?: (url: string) => Source;
}

const CLOSED = 2;
/** The server says something every 15 s; after three silences the connection is taken for dead. */
const SILENCE_MS = 50_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * A stream that stays: the browser reconnects after a broken connection by itself and names the last event it had; what
 * the browser gives up (a refusal, a silent connection) is opened anew here, with the same name and growing pauses.
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

  /** Ends the connection; `start` goes on after the last event. */
  close(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
    this.become('closed');
  }

  private connect(): void {
    this.become(this.state === 'waiting' ? 'waiting' : 'connecting');
    const open = this.options.open ?? ((url: string): Source => new EventSource(url));
    const source = open(this.address());
    this.source = source;
    source.addEventListener('open', () => {
      this.pause = FIRST_PAUSE_MS;
      this.become('open');
      this.watch();
    });
    source.addEventListener('error', () => this.failed(source));
    for (const name of new Set([...this.options.events, 'heartbeat'])) {
      source.addEventListener(name, (event) => this.heard(name, event.lastEventId));
    }
    this.watch();
  }

  private address(): string {
    if (!this.lastId) return this.options.url;
    const joint = this.options.url.includes('?') ? '&' : '?';
    return `${this.options.url}${joint}lastEventId=${encodeURIComponent(this.lastId)}`;
  }

  private heard(name: string, id: string): void {
    this.watch();
    this.become('open');
    const moved = id !== '' && id !== this.lastId;
    if (id) this.lastId = id;
    if (name !== 'heartbeat' || moved) this.options.onNews();
  }

  private failed(source: Source): void {
    if (source !== this.source) return;
    this.become('waiting');
    // Otherwise the browser is already trying again.
    if (source.readyState === CLOSED) this.again();
  }

  private again(): void {
    this.source?.close();
    this.source = null;
    clearTimeout(this.timer);
    this.become('waiting');
    this.timer = setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }

  private watch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(), SILENCE_MS);
  }

  private become(state: StreamState): void {
    if (state === this.state) return;
    this.state = state;
    this.options.onState(state);
  }
}
