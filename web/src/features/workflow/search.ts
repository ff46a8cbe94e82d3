import { textParameter } from '@/lib/search';
import { splitParameter } from '../costs/search';

const oneOf =
  <T extends string>(words: readonly T[]) =>
  (value: unknown): T | undefined =>
    words.find((word) => word === value);

/** The parameters of the tab of steps. */
export interface StepsSearch {
  /** The step that is drawn over time; the one that takes the most time by default. */
  step?: string;
}

/** What a funnel can be broken down by. */
export const BREAKDOWNS = ['version', 'trigger_type', 'environment', 'user', 'source'] as const;
/** What a funnel counts besides executions. */
export const UNITS = ['subject'] as const;
/** The orders of a funnel's steps besides the usual one, in which other events may happen in between. */
export const ORDERS = ['strict', 'any'] as const;
/** The times in which a journey can be required to be over. */
export const WITHIN = ['1h', '24h', '7d', '30d'] as const;

/** The parameters of the funnel. */
export interface FunnelSearch {
  breakdown?: (typeof BREAKDOWNS)[number];
  unit?: (typeof UNITS)[number];
  order?: (typeof ORDERS)[number];
  within?: (typeof WITHIN)[number];
}

/** The windows of a service level. */
export const WINDOWS = ['1d', '7d', '28d', '30d'] as const;
export type Window = (typeof WINDOWS)[number];

/** A window in the URL; undefined if it is none. */
export const windowParameter = oneOf(WINDOWS);

/** The parameters of the service level. */
export interface ServiceSearch {
  /** The window; that of the target by default. */
  window?: Window;
}

/** The parameters of the costs. */
export interface CostSearch {
  /** The dimension that costs are split by; the model by default. */
  split?: string;
}

/** How many executions a grid can have. */
export const RUNS = ['25', '100', '200'] as const;

/** The parameters of the grid. */
export interface GridSearch {
  /** How many executions; 50 by default. */
  runs?: (typeof RUNS)[number];
  /** Whether cells are coloured by their time, compared with the usual time of the step. */
  shade?: 'time';
}

/** The parameters of the versions. */
export interface VersionsSearch {
  /** The version whose change is shown; the newest that changed something by default. */
  change?: string;
}

/** The parameters of all tabs, each undefined: what another tab is opened with. */
export const TAB_PARAMETERS: Record<
  keyof (StepsSearch & FunnelSearch & ServiceSearch & CostSearch & GridSearch & VersionsSearch),
  undefined
> = {
  step: undefined,
  breakdown: undefined,
  unit: undefined,
  order: undefined,
  within: undefined,
  window: undefined,
  split: undefined,
  runs: undefined,
  shade: undefined,
  change: undefined,
};

type Raw = Record<string, unknown>;

/** Each keeps what is valid in the URL and drops the rest. */
export const tabSearch = {
  steps: (raw: Raw): StepsSearch => ({ step: textParameter(raw.step) }),
  funnel: (raw: Raw): FunnelSearch => ({
    breakdown: oneOf(BREAKDOWNS)(raw.breakdown),
    unit: oneOf(UNITS)(raw.unit),
    order: oneOf(ORDERS)(raw.order),
    within: oneOf(WITHIN)(raw.within),
  }),
  service: (raw: Raw): ServiceSearch => ({ window: windowParameter(raw.window) }),
  cost: (raw: Raw): CostSearch => ({ split: splitParameter(raw.split) }),
  grid: (raw: Raw): GridSearch => ({
    runs: oneOf(RUNS)(raw.runs),
    shade: raw.shade === 'time' ? 'time' : undefined,
  }),
  versions: (raw: Raw): VersionsSearch => ({ change: textParameter(raw.change) }),
};
