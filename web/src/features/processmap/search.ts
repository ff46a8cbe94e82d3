import { textParameter } from '@/lib/search';
import { FEW_VARIANTS, MOST_VARIANTS } from './variantPages';

/** What the tint of the steps shows, besides how frequent they are. */
export const OVERLAYS = ['time', 'cost', 'failures'] as const;
export type Overlay = 'frequency' | (typeof OVERLAYS)[number];

/** What two groups of executions can differ by. */
export const SUBJECTS = ['version', 'status', 'period', 'variant'] as const;

/** The state of the process map in the URL. */
export interface MapSearch {
  /** What the tint of the steps shows; how frequent they are by default. */
  tint?: (typeof OVERLAYS)[number];
  /** From 0, the main path, to 100, everything; by default as much as shows most moves. */
  detail?: number;
  /** The node that is open: a step by its id, or an end by its kind. */
  step?: string;
  /** The arrow that is open, by the keys of its nodes. */
  fromStep?: string;
  toStep?: string;
  /** The variants that are selected. */
  variants?: string[];
  /** How many variants are listed; the most frequent ones by default. */
  listed?: number;
  /** The two groups that are compared, as the API writes them: `version:9`. */
  a?: string;
  b?: string;
  /** Whether executions are seen moving along the arrows. */
  motion?: 'on';
  /** Whether the map fills the window. */
  full?: 'on';
}

/** How many variants can be selected. */
const MOST_SELECTED = 8;

const group = (value: unknown): string | undefined => {
  const text = textParameter(value);
  return SUBJECTS.some((subject) => text?.startsWith(`${subject}:`)) ? text : undefined;
};

/** Keeps what is valid and drops the rest. */
export function mapSearch(raw: Record<string, unknown>): MapSearch {
  const given: unknown[] = Array.isArray(raw.variants) ? raw.variants : [raw.variants];
  const variants = [...new Set(given.flatMap((entry) => textParameter(entry) ?? []))];
  const detail = textParameter(raw.detail);
  const level = detail === undefined ? NaN : Math.round(Number(detail));
  const listed = Math.round(Number(textParameter(raw.listed)));
  const [fromStep, toStep] = [textParameter(raw.fromStep), textParameter(raw.toStep)];
  const arrow = fromStep !== undefined && toStep !== undefined;
  return {
    tint: OVERLAYS.find((overlay) => overlay === raw.tint),
    detail: level >= 0 && level <= 100 ? level : undefined,
    // One thing is open at a time.
    step: arrow ? undefined : textParameter(raw.step),
    fromStep: arrow ? fromStep : undefined,
    toStep: arrow ? toStep : undefined,
    variants: variants.length > 0 ? variants.slice(0, MOST_SELECTED) : undefined,
    listed: listed > FEW_VARIANTS ? Math.min(listed, MOST_VARIANTS) : undefined,
    a: group(raw.a),
    b: group(raw.b),
    motion: raw.motion === 'on' ? 'on' : undefined,
    full: raw.full === 'on' ? 'on' : undefined,
  };
}
