import { createContext } from 'react';

/** What the charts of a page can do with the timeline of the project. */
export interface Timeline {
  /** Shows what annotations say, by id. */
  show: (annotations: string[]) => void;
  /** Adds an annotation at a moment (epoch milliseconds); null if the user may not. */
  add: ((at: number) => void) | null;
}

/** Null where charts stand alone: their marks lead nowhere. */
export const TimelineContext = createContext<Timeline | null>(null);
