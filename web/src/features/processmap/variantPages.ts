import type { Variants } from '@/api/processMap';

/** The most variants that a page of the API has. */
const PAGE = 100;

/** How many variants are listed at first, and how many more each time. */
export const FEW_VARIANTS = 20;
export const MORE_VARIANTS = PAGE;
/** The most that a link can ask for: some megabytes, and a hundred requests. */
export const MOST_VARIANTS = 10_000;

/** Which page of the variants to read. */
export interface PageOf {
  limit: string;
  cursor: string | undefined;
}

/** Two pages as one. What arrived meanwhile may have moved a path to the second page, too: it keeps its first place. */
function joined(held: Variants, next: Variants): Variants {
  const known = new Set(held.rows.map(({ id }) => id));
  return { ...next, rows: [...held.rows, ...next.rows.filter(({ id }) => !known.has(id))] };
}

/** Reads variants page by page until there are as many as wanted, or no more. What is held already is not read again. */
export async function readUpTo(
  wanted: number,
  held: Variants | undefined,
  read: (page: PageOf) => Promise<Variants>,
): Promise<Variants> {
  const pageAfter = async (before: Variants | undefined): Promise<Variants> => {
    const missing = wanted - (before?.rows.length ?? 0);
    if (before && (missing <= 0 || before.nextCursor === null)) return before;
    const limit = String(Math.min(PAGE, missing));
    const next = await read({ limit, cursor: before?.nextCursor ?? undefined });
    return pageAfter(before ? joined(before, next) : next);
  };
  return pageAfter(held);
}
