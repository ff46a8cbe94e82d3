import type { Row } from '@/api/types';
import type { Variant } from '@/api/processMap';
import { STATUSES } from '@/lib/status';
import { processmap as words } from '@/words';
import { textOf } from '../rows';
import { SUBJECTS } from './search';

/** What two groups of executions differ by. */
export type Subject = (typeof SUBJECTS)[number];

/** A group of executions: as the API writes it, and for people. */
export interface Group {
  value: string;
  label: string;
}

/** What the choice of groups depends on. */
export interface Given {
  versions: Row[];
  variants: Variant[];
  bounds: { from: number; to: number };
}

const ENDED = ['completed', 'failed', 'crashed', 'canceled'];

const period = (from: number, to: number): string =>
  `period:${new Date(from).toISOString()}/${new Date(to).toISOString()}`;

/** The groups that can be compared by a subject; the first two are compared unless others are chosen. */
export function groupsOf(subject: Subject, { versions, variants, bounds }: Given): Group[] {
  switch (subject) {
    case 'version':
      return versions.flatMap((row) => {
        const version = textOf(row, 'version');
        return version === null ? [] : { value: `version:${version}`, label: version };
      });
    case 'status':
      return STATUSES.filter(({ metric }) => ENDED.includes(metric)).map(({ metric, label }) => ({
        value: `status:${metric}`,
        label,
      }));
    case 'period': {
      const { from, to } = bounds;
      const middle = from + Math.floor((to - from) / 2);
      return [
        { value: period(from, middle), label: words.comparison.firstHalf },
        { value: period(middle, to), label: words.comparison.secondHalf },
        { value: period(from - (to - from), from), label: words.comparison.previous },
        { value: period(from, to), label: words.comparison.current },
      ];
    }
    case 'variant':
      return variants.map(({ id }, index) => ({
        value: `variant:${id}`,
        label: words.variants.path(index + 1),
      }));
  }
}

/** The subject of a group. */
export function subjectOf(group: string | undefined): Subject | undefined {
  return SUBJECTS.find((subject) => group?.startsWith(`${subject}:`));
}
