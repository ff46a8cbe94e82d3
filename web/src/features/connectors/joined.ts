import type { Answer } from '@/lib/answer';
import { bucketEnd } from '@/lib/granularity';
import { numberOf, textOf } from '../rows';
import type { Outage } from './incidents';

/** One kind of error of a connector, and how many of its step runs failed with it. */
export interface ErrorLine {
  key: string;
  /** The id of its error group. */
  group: string | null;
  errorClass: string | null;
  errorType: string | null;
  failed: number;
}

/** The errors of one outage, as one. */
export interface JoinedErrors {
  outage: Outage;
  failed: number;
  errors: ErrorLine[];
}

/** The failures of a connector: those of its outages joined, and the others by kind. */
export interface Failures {
  outages: JoinedErrors[];
  others: ErrorLine[];
  /** What the limit of the query left out. */
  left: number;
}

const byCount = (a: ErrorLine, b: ErrorLine): number =>
  b.failed - a.failed || a.key.localeCompare(b.key);

/** Counts failures by kind of error. */
class Tally {
  private lines = new Map<string, ErrorLine>();

  add(line: ErrorLine): void {
    const known = this.lines.get(line.key);
    if (known) known.failed += line.failed;
    else this.lines.set(line.key, { ...line });
  }

  sorted(): ErrorLine[] {
    return [...this.lines.values()].sort(byCount);
  }
}

/** Joins the failures in the buckets of each outage; every failure counts once. */
export function joined(answer: Answer, outages: Outage[]): Failures {
  const { zone } = answer.frame;
  const granularity = answer.query.granularity ?? 'hour';
  const tallies = outages.map(() => new Tally());
  const rest = new Tally();
  for (const row of answer.rows) {
    const failed = numberOf(row, 'steps_failed') ?? 0;
    if (failed === 0) continue;
    const start = Date.parse(String(row.time));
    const end = bucketEnd(start, granularity, zone);
    const [group, errorClass, errorType] = ['error_group', 'error_class', 'error_type'].map(
      (dimension) => textOf(row, dimension),
    ) as [string | null, string | null, string | null];
    const key = group ?? `${errorClass ?? ''} ${errorType ?? ''}`;
    const at = outages.findIndex(({ from, until }) => from <= start && end <= until);
    (tallies[at] ?? rest).add({ key, group, errorClass, errorType, failed });
  }
  const left = (answer.other?.rows ?? []).reduce(
    (sum, row) => sum + (numberOf(row, 'steps_failed') ?? 0),
    0,
  );
  const found = outages.map((outage, index): JoinedErrors => {
    const errors = tallies[index]?.sorted() ?? [];
    return { outage, errors, failed: errors.reduce((sum, { failed }) => sum + failed, 0) };
  });
  return { outages: found.filter(({ failed }) => failed > 0), others: rest.sorted(), left };
}
