import type { MetricInfo, Row } from '@/api/types';
import type { Answer } from '@/lib/answer';
import { bucketName } from '@/lib/granularity';
import { explore as words } from '@/words';
import { numberOf, textOf } from '../rows';
import type { Dimension } from './catalogue';
import { valueName } from './panels';

/** A row of the table under a chart. */
export interface Line {
  key: string;
  /** The bucket, and what each dimension is; the sum of what is not listed names itself only once. */
  names: string[];
  /** Whether it is one of the groups, and not a sum of others or of the whole range. */
  listed: boolean;
  row: Row;
  /** The same of the period that is compared with; undefined if nothing is. */
  before?: Row;
}

/** What identifies a group within its bucket. */
const groupOf = (row: Row, dimensions: Dimension[]): string =>
  JSON.stringify(dimensions.map(({ name }) => textOf(row, name)));

/** The rows of an answer, then the sums of what is not listed, in each bucket; first the whole range, if the answer has it. */
export function linesOf(answer: Answer, dimensions: Dimension[]): Line[] {
  const { granularity } = answer.query;
  const { zone } = answer.frame;
  const time = (row: Row): string[] =>
    granularity ? [bucketName(Date.parse(String(row.time)), granularity, zone)] : [];
  const key = (row: Row): string => `${String(row.time ?? '')} ${groupOf(row, dimensions)}`;
  const past = answer.comparison;
  // Buckets correspond by position; groups by name, and one that did not exist has no past.
  const groups = new Map(past?.map((row) => [groupOf(row, dimensions), row]));
  const beforeOf = (row: Row, index: number): Row | undefined => {
    if (!past) return undefined;
    return (granularity ? past[index] : groups.get(groupOf(row, dimensions))) ?? {};
  };
  const lines = answer.rows.map((row, index): Line => ({
    key: key(row),
    names: [
      ...time(row),
      ...dimensions.map((dimension) => valueName(answer, dimension, textOf(row, dimension.name))),
    ],
    listed: true,
    row,
    before: beforeOf(row, index),
  }));
  const rest = (answer.other?.rows ?? []).map((row, index): Line => ({
    key: `other ${String(row.time ?? '')} ${groupOf(row, dimensions)}`,
    names: [
      ...time(row),
      // Of a limit for each value of the first dimension, a sum has that value.
      ...dimensions
        .filter(({ name }) => name in row)
        .map((dimension) => valueName(answer, dimension, textOf(row, dimension.name))),
      words.others(numberOf(row, 'groups') ?? 0),
    ],
    listed: false,
    row,
    before: past ? (answer.other?.comparison?.[index] ?? {}) : undefined,
  }));
  const whole = (answer.totals?.rows ?? []).map((row): Line => ({
    key: 'totals',
    names: [words.wholeRange],
    listed: false,
    row,
    before: past ? (answer.totals?.comparison?.[0] ?? {}) : undefined,
  }));
  const timeOf = ({ row }: Line): number => Date.parse(String(row.time));
  // The sum of what is not listed in a bucket follows what is.
  const all = granularity
    ? [...lines, ...rest].sort((a, b) => timeOf(a) - timeOf(b))
    : [...lines, ...rest];
  return [...whole, ...all];
}

/** A table as CSV (RFC 4180) has every row: times as RFC 3339, dimensions by their values, figures with every digit. */
export function tableOf(
  answer: Answer,
  dimensions: Dimension[],
  metrics: MetricInfo[],
): (string | number | null)[][] {
  const time = answer.query.granularity ? ['time'] : [];
  const columns = [
    ...time,
    ...dimensions.map(({ name }) => name),
    ...metrics.map(({ name }) => name),
  ];
  return [columns, ...answer.rows.map((row) => columns.map((column) => row[column] ?? null))];
}
