import { expect, test } from 'vitest';
import type { Variant, Variants } from '@/api/processMap';
import { SMALL_MAP } from './map.fixture';
import { readUpTo, type PageOf } from './variantPages';

const { workflowId, range, meta } = SMALL_MAP;
const FRAMED = { workflowId, range, meta };
const ALL = Array.from({ length: 250 }, (_, index) => ({ id: `v${index}` }) as Variant);

/** An API with 250 variants, and what it was asked for; `moved` are on a page once more. */
function api(moved: Variant[] = []) {
  const asked: PageOf[] = [];
  const read = (page: PageOf): Promise<Variants> => {
    asked.push(page);
    const from = Number(page.cursor ?? 0);
    const to = from + Number(page.limit);
    const rows = [...(from > 0 ? moved : []), ...ALL.slice(from, to)];
    return Promise.resolve({
      ...FRAMED,
      executions: 1000,
      variants: ALL.length,
      open: 0,
      rows,
      other: { variants: ALL.length - Math.min(to, ALL.length), executions: 0, share: 0 },
      nextCursor: to < ALL.length ? String(to) : null,
    });
  };
  return { asked, read };
}

test('pages follow each other up to the number wanted, and no further than the end', async () => {
  const { asked, read } = api();
  expect((await readUpTo(220, undefined, read)).rows).toEqual(ALL.slice(0, 220));
  expect(asked).toEqual([
    { limit: '100', cursor: undefined },
    { limit: '100', cursor: '100' },
    { limit: '20', cursor: '200' },
  ]);
  const whole = await readUpTo(10_000, undefined, read);
  expect(whole.rows).toEqual(ALL);
  expect([whole.nextCursor, whole.other.variants]).toEqual([null, 0]);
  expect(asked).toHaveLength(6);
});

test('what is held is not asked for again', async () => {
  const { asked, read } = api();
  const first = await readUpTo(20, undefined, read);
  const more = await readUpTo(120, first, read);
  expect(more.rows).toEqual(ALL.slice(0, 120));
  expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, '20']);
  expect(await readUpTo(120, more, read)).toBe(more);
  expect(asked).toHaveLength(2);
});

test('a path that moved to a later page meanwhile is listed once', async () => {
  const { read } = api([ALL[3]!]);
  const { rows } = await readUpTo(250, undefined, read);
  expect(rows).toHaveLength(250);
  expect(rows.map(({ id }) => id).indexOf('v3')).toBe(3);
});
