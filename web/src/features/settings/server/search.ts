/** The numbers of days to choose from, and the one without a choice. */
export const DAYS = [7, 30, 90, 365];
export const USUAL_DAYS = 30;

/** The state of the page in the URL, apart from what every page has. */
export interface ServerSearch {
  /** How many days the figures are of, today included. */
  days?: string;
}

/** Keeps what is valid and drops the rest. */
export const serverSearch = (raw: Record<string, unknown>): ServerSearch => {
  const days = DAYS.find((count) => String(count) === String(raw.days));
  return { days: days === undefined || days === USUAL_DAYS ? undefined : String(days) };
};
