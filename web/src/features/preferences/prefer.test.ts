import { beforeEach, describe, expect, it, vi } from 'vitest';
import { effective, emptyCopy, held, hold } from '@/lib/preferences';
import { chooseTheme } from '@/lib/theme';
import { holdFor, prefer, refreshPreferences } from './prefer';

vi.mock('@/lib/theme', () => ({ chooseTheme: vi.fn() }));

type Answer = [status: number, body: object];

/** A server that answers one request after the other, and what it was sent. */
function answering(...answers: Answer[]): { method: string; tag: string | null; body: unknown }[] {
  const calls: { method: string; tag: string | null; body: unknown }[] = [];
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    const text = typeof init.body === 'string' ? init.body : 'null';
    calls.push({
      method: init.method ?? '',
      tag: headers.get('if-match'),
      body: JSON.parse(text) as unknown,
    });
    const [status, body] = answers.shift() ?? [503, {}];
    const type = { 'content-type': 'application/json' };
    return Promise.resolve(new Response(JSON.stringify(body), { status, headers: type }));
  });
  return calls;
}

const now = () => effective(held() ?? emptyCopy('nobody'));
const OUTDATED: Answer = [412, { code: 'precondition_failed' }];

describe('a choice', () => {
  beforeEach(() => {
    vi.mocked(chooseTheme).mockClear();
    hold({ ...emptyCopy('ada'), revision: 1 });
  });

  it('holds at once, and names the revision that it changes', async () => {
    const calls = answering([200, { revision: 2, range: '7d', theme: 'dark' }]);
    const saved = prefer({ range: '7d', theme: 'dark' });
    expect(now().range).toBe('7d');
    expect(chooseTheme).toHaveBeenCalledWith('dark');
    expect(await saved).toBe(true);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ tag: '"1"', body: { range: '7d', theme: 'dark' } });
    expect(held()).toMatchObject({ revision: 2, pending: {} });
  });

  it('is put on top of what another browser has changed', async () => {
    const calls = answering(
      OUTDATED,
      [200, { revision: 5, timezone: 'UTC' }],
      [200, { revision: 6, timezone: 'UTC', range: '7d' }],
    );
    expect(await prefer({ range: '7d' })).toBe(true);
    expect(calls[2]).toMatchObject({ tag: '"5"', body: { range: '7d', timezone: 'UTC' } });
    expect(now()).toMatchObject({ range: '7d', timezone: 'UTC' });
  });

  it('stays in this browser if the server cannot save it, and is sent when it is read again', async () => {
    answering([503, { code: 'busy' }]);
    expect(await prefer({ range: '24h' })).toBe(false);
    expect(now().range).toBe('24h');
    const calls = answering([200, { revision: 1 }], [200, { revision: 2, range: '24h' }]);
    await refreshPreferences();
    await vi.waitFor(() => expect(held()?.revision).toBe(2));
    expect(calls.map(({ method }) => method)).toEqual(['GET', 'PUT']);
    expect(now().range).toBe('24h');
  });

  it('made while another is being saved is saved as well', async () => {
    const calls = answering(
      [200, { revision: 2, range: '7d' }],
      [200, { revision: 3, range: 'all' }],
    );
    const first = prefer({ range: '7d' });
    const second = prefer({ range: 'all' });
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect(calls.map(({ body }) => body)).toMatchObject([{ range: '7d' }, { range: 'all' }]);
    expect(now().range).toBe('all');
  });

  it('is given up after a few conflicts, but not forgotten', async () => {
    const read: Answer = [200, { revision: 9 }];
    const calls = answering(OUTDATED, read, OUTDATED, read, OUTDATED, read, OUTDATED);
    expect(await prefer({ range: '7d' })).toBe(false);
    expect(calls.filter(({ method }) => method === 'PUT')).toHaveLength(3);
    expect(now().range).toBe('7d');
  });
});

describe('whoever logs in', () => {
  beforeEach(() => vi.mocked(chooseTheme).mockClear());

  it('finds what this browser knows of them', () => {
    hold({ ...emptyCopy('ada'), revision: 4, pending: { range: '7d' } });
    expect(holdFor('ada')).toBe(true);
    expect(now().range).toBe('7d');
    expect(chooseTheme).not.toHaveBeenCalled();
  });

  it('gets nothing of who was here before', () => {
    hold({ ...emptyCopy('ada'), revision: 4, pending: { range: '7d' } });
    expect(holdFor('grace')).toBe(false);
    expect(now().range).toBeNull();
    expect(chooseTheme).toHaveBeenCalledWith('system');
  });

  it('sees the theme that the server has', async () => {
    hold(emptyCopy('ada'));
    answering([200, { revision: 1, theme: 'dark' }]);
    await refreshPreferences();
    expect(chooseTheme).toHaveBeenCalledWith('dark');
  });
});
