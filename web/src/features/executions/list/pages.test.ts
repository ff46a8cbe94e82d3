import { describe, expect, it } from 'vitest';
import { PagedList, type Page } from './pages';

const SIZE = 100;

/** A server with this many rows, whose cursor is the index of the first row of the page. */
function listOf(total: number): { list: PagedList<number>; reads: (string | undefined)[] } {
  const reads: (string | undefined)[] = [];
  const read = (cursor: string | undefined): Promise<Page<number>> => {
    reads.push(cursor);
    const from = Number(cursor ?? 0);
    const rows = Array.from({ length: Math.min(SIZE, total - from) }, (_, index) => from + index);
    const next = from + SIZE < total ? String(from + SIZE) : undefined;
    return Promise.resolve({ rows, next });
  };
  return { list: new PagedList(read, SIZE), reads };
}

/** Lets every promise that is due go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

async function showing(list: PagedList<number>, first: number): Promise<void> {
  list.show(first, first + 30);
  await settle();
}

describe('a list read by cursor', () => {
  it('holds a bounded number of rows while 100,000 are scrolled, and shows every one of them', async () => {
    const { list } = listOf(100_000);
    let most = 0;
    for (let first = 0; first < 100_000; first += 50) {
      await showing(list, first);
      most = Math.max(most, list.held);
      const last = Math.min(first + 30, 99_999);
      expect([list.row(first), list.row(last)]).toEqual([first, last]);
    }
    expect(most).toBeLessThanOrEqual(10 * SIZE);
    expect([list.count, list.complete]).toEqual([100_000, true]);
  });

  it('reads a dropped page again by its cursor when it is scrolled back to', async () => {
    const { list, reads } = listOf(5_000);
    for (let first = 0; first < 5_000; first += 100) await showing(list, first);
    expect(list.row(0)).toBeUndefined();
    reads.length = 0;
    await showing(list, 250);
    expect([list.row(250), list.row(280)]).toEqual([250, 280]);
    expect(reads).toEqual(['200', '300']);
  });

  it('knows when there is nothing', async () => {
    const { list } = listOf(0);
    expect(list.pending).toBe(true);
    await showing(list, 0);
    expect([list.pending, list.count, list.complete]).toEqual([false, 0, true]);
  });

  it('counts a short last page, and a last page that is full', async () => {
    for (const total of [1, 99, 100, 101, 200]) {
      const { list } = listOf(total);
      await showing(list, 0);
      await showing(list, list.count);
      expect(list.count).toBe(total);
    }
  });

  it('stops at a failure, keeps what it has, and goes on when asked to', async () => {
    let broken = true;
    const list = new PagedList<number>((cursor) => {
      if (cursor && broken) return Promise.reject(new Error('gone'));
      return Promise.resolve({ rows: [1, 2], next: cursor ? undefined : 'next' });
    }, 2);
    await showing(list, 0);
    expect(list.error).toEqual(new Error('gone'));
    expect(list.row(0)).toBe(1);
    broken = false;
    list.retry();
    await settle();
    expect([list.error, list.count]).toEqual([null, 4]);
  });

  it('reads nothing twice while it is scrolled quickly', () => {
    const { list, reads } = listOf(1_000);
    list.show(0, 10);
    list.show(1, 11);
    list.show(2, 12);
    expect(reads).toEqual([undefined]);
  });
});
