import type { Answer } from '@/lib/answer';
import type { Outage } from './incidents';
import { joined, type ErrorLine, type JoinedErrors } from './joined';

/** How many kinds of error are listed under an outage, and how many apart from outages. */
const FEW = 5;
const SHOWN = 20;

/** A line of the table: an outage, one of its errors, another error, or what is not listed. */
export type Line =
  | { kind: 'outage'; key: string; of: JoinedErrors; failed: number }
  | { kind: 'error'; key: string; of: ErrorLine; failed: number; within: JoinedErrors | null }
  | { kind: 'more'; key: string; groups: number | null; failed: number; within: boolean };

function more(lines: ErrorLine[], shown: number, key: string, within: boolean): Line[] {
  const left = lines.slice(shown);
  const failed = left.reduce((sum, line) => sum + line.failed, 0);
  return left.length > 0 ? [{ kind: 'more', key, groups: left.length, failed, within }] : [];
}

/** The lines of the table: outages with their errors, in the order of time; then the other errors. */
export function linesOf(answer: Answer, outages: Outage[]): Line[] {
  const found = joined(answer, outages);
  const line = (of: ErrorLine, within: JoinedErrors | null, prefix: string): Line => ({
    kind: 'error',
    key: `${prefix} ${of.key}`,
    of,
    failed: of.failed,
    within,
  });
  const ofOutages = found.outages.flatMap((of): Line[] => {
    const { id } = of.outage.change;
    return [
      { kind: 'outage', key: id, of, failed: of.failed },
      ...of.errors.slice(0, FEW).map((error) => line(error, of, id)),
      ...more(of.errors, FEW, `${id} more`, true),
    ];
  });
  const left: Line[] =
    found.left > 0
      ? [{ kind: 'more', key: 'left', groups: null, failed: found.left, within: false }]
      : [];
  return [
    ...ofOutages,
    ...found.others.slice(0, SHOWN).map((error) => line(error, null, 'other')),
    ...more(found.others, SHOWN, 'more', false),
    ...left,
  ];
}
