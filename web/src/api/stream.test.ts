import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LiveStream, type Source, type StreamState } from './stream';

/** A stand-in for the browser's EventSource. */
class Fake implements Source {
  readyState = 0;
  closed = false;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(type, listener);
  }

  close(): void {
    this.closed = true;
  }

  emit(type: string, lastEventId = ''): void {
    this.listeners.get(type)?.({ lastEventId } as MessageEvent<string>);
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.emit('error');
  }
}

function setup(): {
  stream: LiveStream;
  sources: Fake[];
  states: StreamState[];
  updates: () => number;
} {
  const sources: Fake[] = [];
  const states: StreamState[] = [];
  let updates = 0;
  const stream = new LiveStream({
    url: '/stream?x=1',
    events: ['counts.update'],
    onUpdate: () => (updates += 1),
    onState: (state) => states.push(state),
    open: (url) => {
      const source = new Fake(url);
      sources.push(source);
      return source;
    },
  });
  return { stream, sources, states, updates: () => updates };
}

describe('a live stream', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('reports updates, and heartbeats only if they show new commits', () => {
    const { stream, sources, states, updates } = setup();
    stream.start();
    sources[0]!.emit('open');
    sources[0]!.emit('counts.update', '5');
    expect(updates()).toBe(1);
    sources[0]!.emit('heartbeat', '5');
    expect(updates()).toBe(1);
    sources[0]!.emit('heartbeat', '6');
    expect(updates()).toBe(2);
    expect(states).toEqual(['connecting', 'open']);
  });

  test('leaves a broken connection to the browser', () => {
    const { stream, sources, states } = setup();
    stream.start();
    sources[0]!.emit('open');
    sources[0]!.fail(0);
    vi.advanceTimersByTime(20_000);
    sources[0]!.emit('open');
    expect(sources).toHaveLength(1);
    expect(states).toEqual(['connecting', 'open', 'waiting', 'open']);
  });

  test('reopens a connection that the browser gave up on, with the last id and growing pauses', () => {
    const { stream, sources, states } = setup();
    stream.start();
    sources[0]!.emit('open');
    sources[0]!.emit('counts.update', '17');
    sources[0]!.fail(2);
    vi.advanceTimersByTime(999);
    expect(sources).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sources[1]!.url).toBe('/stream?x=1&lastEventId=17');
    sources[1]!.fail(2);
    vi.advanceTimersByTime(1_999);
    expect(sources).toHaveLength(2);
    vi.advanceTimersByTime(1);
    sources[2]!.emit('open');
    sources[2]!.fail(2);
    vi.advanceTimersByTime(1_000);
    expect(sources).toHaveLength(4);
    expect(states).toEqual(['connecting', 'open', 'waiting', 'open', 'waiting']);
  });

  test('reopens a connection that has gone silent', () => {
    const { stream, sources, states } = setup();
    stream.start();
    sources[0]!.emit('open');
    vi.advanceTimersByTime(40_000);
    sources[0]!.emit('heartbeat', '3');
    vi.advanceTimersByTime(40_000);
    expect(sources).toHaveLength(1);
    vi.advanceTimersByTime(11_001);
    expect(sources[0]!.closed).toBe(true);
    expect(sources[1]!.url).toContain('lastEventId=3');
    expect(states.at(-1)).toBe('waiting');
  });

  test('resumes after the last event when it is restarted, and reports nothing while closed', () => {
    const { stream, sources, updates } = setup();
    stream.start();
    sources[0]!.emit('counts.update', '8');
    stream.close();
    expect(sources[0]!.closed).toBe(true);
    sources[0]!.fail(2);
    vi.advanceTimersByTime(120_000);
    expect(sources).toHaveLength(1);
    stream.start();
    expect(sources[1]!.url).toBe('/stream?x=1&lastEventId=8');
    expect(updates()).toBe(1);
  });
});
