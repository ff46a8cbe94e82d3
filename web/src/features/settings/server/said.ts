import type { ServerAdvice, ServerReport, ServerStorage } from '@/api/server';
import { counted, figure, NO_VALUE } from '@/lib/format';
import { dateOnly } from '@/lib/zone';
import { nouns, server as words } from '@/words';

const STATE = words.state;
const STORAGE = words.storage;
const DAY = 86_400_000;

/** What state the server is in, in a sentence; the urgency of the first advice, if there is any. */
export function stateOf({ advice, levels }: Pick<ServerReport, 'advice' | 'levels'>): {
  text: string;
  urgency: ServerAdvice['urgency'] | null;
} {
  const [first] = advice;
  if (first) {
    const what = STATE.about[first.about] ?? STATE.unknown;
    return { text: STATE[first.urgency](what), urgency: first.urgency };
  }
  const unjudged = levels.filter(({ met }) => typeof met !== 'boolean').length;
  const said =
    unjudged === 0
      ? STATE.well
      : unjudged === levels.length
        ? STATE.noData
        : STATE.wellSoFar(unjudged, levels.length);
  return { text: said, urgency: null };
}

/** A text with names of settings in it: those are in backticks. Every second part is such a name. */
export const codeParts = (text: string): string[] => text.split('`');

/** A figure and the remark below it. */
export interface Remarked {
  value: string;
  note: string;
}

const needs = ({ daysNeeded, days }: ServerStorage): Remarked => ({
  value: NO_VALUE,
  note: STORAGE.growthNeeds(daysNeeded, days),
});

/** By how much the stored bytes grow in a day. */
export function growthOf(storage: ServerStorage): Remarked {
  const growth = storage.growthPerDay;
  if (typeof growth !== 'number') return needs(storage);
  const sign = growth < 0 ? '−' : '';
  return { value: sign + figure(Math.round(Math.abs(growth)), 'bytes'), note: STORAGE.growthNote };
}

/** When the disk is full: the whole days until then, as the advice counts them, and the day. */
export function fullOf(storage: ServerStorage, now: number, zone: string): Remarked {
  const { growthPerDay, freeBytes, fullAt } = storage;
  if (typeof growthPerDay !== 'number') return needs(storage);
  if (fullAt) {
    const at = Date.parse(fullAt);
    const days = Math.floor((at - now) / DAY);
    return {
      value: days < 1 ? STORAGE.withinDay : STORAGE.inDays(counted(days, nouns.day)),
      note: STORAGE.on(dateOnly(at, zone)),
    };
  }
  if (growthPerDay <= 0) return { value: STORAGE.notInSight, note: STORAGE.notGrowing };
  if (typeof freeBytes !== 'number') return { value: NO_VALUE, note: STORAGE.freeNeeded };
  return { value: STORAGE.notInSight, note: STORAGE.beyond };
}

/** A row of the table of organisations. */
export interface OrganisationRow {
  id: string;
  /** Null in the row that sums those that are not listed. */
  name: string | null;
  count: number;
  events: number;
  share: number | null;
  projects?: number;
  people?: number;
  activePeople?: number;
}

/** The organisations, and a last row with all others. */
export function organisationRows({
  organisations,
  other,
}: Pick<ServerReport, 'organisations' | 'other'>): OrganisationRow[] {
  const rows = organisations.map(({ sharePct, ...one }): OrganisationRow => ({
    ...one,
    count: 1,
    share: sharePct ?? null,
  }));
  if (!other) return rows;
  const { sharePct, ...rest } = other;
  return [...rows, { id: 'other', name: null, share: sharePct ?? null, ...rest }];
}
