import { useSyncExternalStore } from 'react';
import { remember, remembered } from './stored';
import { browserZone, isZone } from './zone';

/** How a person likes the application; what is null is left to the application. */
export interface Preferences {
  theme: 'system' | 'light' | 'dark' | null;
  /** The time zone of pages that name none. */
  timezone: string | null;
  /** The range of pages that name none: `7d`, or `all`. */
  range: string | null;
  /** The page after login: the name of a page, or `view:` and the id of a saved view. */
  startPage: string | null;
  executionColumns: string[] | null;
}

/** What this browser knows of a person's preferences. The server has them for every browser. */
export interface Copy {
  /** The id of the person. */
  person: string;
  /** The server's revision; null before it has been read. */
  revision: number | null;
  saved: Preferences;
  /** What was chosen here and is not on the server yet. */
  pending: Partial<Preferences>;
}

const NONE: Preferences = {
  theme: null,
  timezone: null,
  range: null,
  startPage: null,
  executionColumns: null,
};
const KEY = 'weir.preferences';

/** The copy of a person of whom nothing is known. */
export const emptyCopy = (person: string): Copy => ({
  person,
  revision: null,
  saved: NONE,
  pending: {},
});

/** What holds for a person: what was chosen here counts before it is on the server. */
export const effective = ({ saved, pending }: Pick<Copy, 'saved' | 'pending'>): Preferences => ({
  ...saved,
  ...pending,
});

/** The copy after the server has answered; `sent` is what the answer includes of what was pending. */
export function answered(
  copy: Copy,
  answer: Partial<Preferences> & { revision: number },
  sent: Partial<Preferences> = {},
): Copy {
  const names = Object.keys(NONE) as (keyof Preferences)[];
  const saved = Object.fromEntries(names.map((name) => [name, answer[name] ?? null]));
  // What was chosen again while the request was on its way is still to be sent.
  const pending = Object.entries(copy.pending).filter(
    ([name, value]) => !(name in sent) || sent[name as keyof Preferences] !== value,
  );
  return {
    ...copy,
    revision: answer.revision,
    saved: saved as unknown as Preferences,
    pending: Object.fromEntries(pending),
  };
}

/** Reads a copy as it was remembered; null if that is not one. */
export function parseCopy(text: string | null): Copy | null {
  try {
    const copy = JSON.parse(text ?? '') as Partial<Copy> | null;
    if (typeof copy?.person !== 'string') return null;
    const { revision = null, saved = {}, pending = {} } = copy;
    return { person: copy.person, revision, saved: { ...NONE, ...saved }, pending };
  } catch {
    return null;
  }
}

let copy = parseCopy(remembered(KEY));
let current = copy ? effective(copy) : NONE;
const listeners = new Set<() => void>();

/** What this browser knows. */
export const held = (): Copy | null => copy;

/** Remembers what is known by now. */
export function hold(next: Copy): void {
  copy = next;
  current = effective(next);
  remember(KEY, JSON.stringify(next));
  listeners.forEach((listener) => listener());
}

/** The preferences as far as this browser knows them. */
export const preferences = (): Preferences => current;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The preferences, as they change. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

/** The time zone of pages that name none: the one that a person prefers, otherwise the browser's. */
export function zoneOf({ timezone }: Preferences): string {
  return timezone !== null && isZone(timezone) ? timezone : browserZone();
}

/** The time zone of pages that name none. */
export const ownZone = (): string => zoneOf(current);
