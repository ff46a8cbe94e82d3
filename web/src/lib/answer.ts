import type { Comparison, Granularity, QueryResult } from '@/api/types';
import type { Extent, Range } from './range';

/** What a page asks with: when, in which buckets, against what, and about which part of the project. */
export interface Frame {
  range: Range;
  /** What the range covers (epoch milliseconds). Every question of a page is asked with it. */
  bounds: { from: number; to: number };
  /** The extent of the project's data; null while it has none. */
  extent: Extent | null;
  granularity: Granularity;
  zone: string;
  compare: Comparison | undefined;
  env: string | undefined;
  workflows: string[];
}

/** What every answer carries, so that what is drawn is labelled by what was asked, not by what the page asks now. */
export interface Asked {
  frame: Frame;
  /** The question without its bounds: answers to one question differ only by when they were asked. */
  question: string;
  /** When the answer arrived (epoch milliseconds). */
  at: number;
}

/** The answer to the query of a card. */
export type Answer = QueryResult & Asked;
