import { textParameter } from '@/lib/search';

const oneOf =
  <T extends string>(words: readonly T[]) =>
  (value: unknown): T | undefined =>
    words.find((word) => word === value);

/** The parameters of the tab of users. */
export interface UsersSearch {
  /** What the hours of the week count; logins by default. */
  count?: 'activities';
}

/** How long the periods of a retention table can be. */
export const PERIODS = ['day', 'week', 'month'] as const;
/** What can count as a return besides an event in the period itself. */
export const MODES = ['unbounded', 'bracket'] as const;
/** What can start and return besides activities. */
export const EVENTS = ['execution', 'any'] as const;

/** The parameters of the retention. */
export interface RetentionSearch {
  /** The length of periods; by default, it depends on the range. */
  period?: (typeof PERIODS)[number];
  /** What counts as a return; an event in the period itself by default. */
  returned?: (typeof MODES)[number];
  /** The event that starts and returns; an activity by default. */
  event?: (typeof EVENTS)[number];
  /** Periods begin with each user's own start; otherwise with the calendar. */
  periods?: 'rolling';
  /** Users belong to every cohort in which they start; otherwise to that of their first start. */
  entry?: 'every';
  /** Only members of this segment. */
  segment?: string;
}

/** The parameters of the segments. */
export interface SegmentsSearch {
  /** The id of the segment whose members are shown. */
  segment?: string;
}

/** Each keeps what is valid in the URL and drops the rest. */
export const activitySearch = {
  users: (raw: Record<string, unknown>): UsersSearch => ({
    count: raw.count === 'activities' ? 'activities' : undefined,
  }),
  retention: (raw: Record<string, unknown>): RetentionSearch => ({
    period: oneOf(PERIODS)(raw.period),
    returned: oneOf(MODES)(raw.returned),
    event: oneOf(EVENTS)(raw.event),
    periods: raw.periods === 'rolling' ? 'rolling' : undefined,
    entry: raw.entry === 'every' ? 'every' : undefined,
    segment: textParameter(raw.segment),
  }),
  segments: (raw: Record<string, unknown>): SegmentsSearch => ({
    segment: textParameter(raw.segment),
  }),
};
