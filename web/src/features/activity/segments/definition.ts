import type { SegmentCondition, SegmentDefinition } from '@/api/segments';
import type { Filter, MetricInfo } from '@/api/types';
import { figure } from '@/lib/format';
import { dateTime } from '@/lib/zone';
import { segments as words } from '@/words';
import type { Catalogue } from '../../explore/catalogue';

export type Subject = NonNullable<SegmentDefinition['of']>;
type Range = NonNullable<(SegmentCondition & { type: 'behaviour' })['range']>;

/** A condition as it is typed; `key` tells it from the others while it is edited. */
export type DraftCondition =
  | {
      key: number;
      type: 'property';
      property: string;
      op: 'in' | 'not_in';
      /** One value per line. */
      values: string;
      /** Whether a missing value is one of them. */
      none: boolean;
    }
  | {
      key: number;
      type: 'behaviour';
      metric: string;
      op: 'at_least' | 'at_most' | 'exactly';
      value: string;
      /** The length of the range in days; empty if it is another one. */
      days: string;
      /** The range that is not so many days. */
      range?: Range;
      filters?: Filter[];
    };

/** A segment as it is edited. */
export interface Draft {
  of: Subject;
  match: 'all' | 'any';
  timezone: string;
  conditions: DraftCondition[];
}

/** How many days a range is; null if it is none of whole days up to now. */
function daysOf(range: Range | undefined): number | null {
  if (!range) return 30;
  const match = /^(\d+)([dw])$/.exec(range.last ?? '');
  return match ? Number(match[1]) * (match[2] === 'w' ? 7 : 1) : null;
}

/** A definition as it is edited. */
export function draftOf(definition: SegmentDefinition, zone: string): Draft {
  const { of = 'users', match = 'all', timezone, conditions = [] } = definition;
  return {
    of,
    match,
    timezone: timezone ?? zone,
    conditions: conditions.map((condition, key): DraftCondition => {
      if (condition.type === 'property') {
        const { property, op = 'in', values } = condition;
        const texts = values.filter((value) => value !== null);
        const none = texts.length < values.length;
        return { key, type: 'property', property, op, values: texts.join('\n'), none };
      }
      const { metric, op = 'at_least', value, range, filters } = condition;
      const days = daysOf(range);
      return {
        key,
        type: 'behaviour',
        metric,
        op,
        value: String(value),
        days: days === null ? '' : String(days),
        ...(days === null ? { range } : {}),
        ...(filters && filters.length > 0 ? { filters } : {}),
      };
    }),
  };
}

/** What the API takes as a condition; null while it is not complete. */
function conditionOf(draft: DraftCondition): SegmentCondition | null {
  if (draft.type === 'property') {
    const { type, property, op } = draft;
    const lines = draft.values.split('\n').map((line) => line.trim());
    const values = [...new Set(lines.filter(Boolean)), ...(draft.none ? [null] : [])];
    if (values.length === 0 || property === '' || property === 'metadata.') return null;
    return { type, property, op, values };
  }
  const { type, metric, op, filters, range: kept } = draft;
  const value = Number(draft.value.replace(',', '.'));
  const days = Number(draft.days);
  const range = draft.days.trim() === '' ? kept : { last: `${days}d` };
  const dated = draft.days.trim() === '' || (Number.isInteger(days) && days > 0);
  if (metric === '' || draft.value.trim() === '' || !Number.isFinite(value) || !dated || !range) {
    return null;
  }
  return { type, metric, op, value, range, ...(filters ? { filters } : {}) };
}

/** The definition that is edited; null while a condition is not complete. */
export function definitionOf(draft: Draft): SegmentDefinition | null {
  const conditions: SegmentCondition[] = [];
  for (const one of draft.conditions) {
    const condition = conditionOf(one);
    if (!condition) return null;
    conditions.push(condition);
  }
  const { of, match, timezone } = draft;
  return { of, match, timezone, conditions };
}

/** The metrics that the API refuses in a segment: they are no counts, sums or ratios of facts of one user. */
const REFUSED =
  /_p\d+|_max$|_stddev$|within|^users$|^workflows$|_saved$|_worth$|_on_investment$|^cost_per_root/;

/** The figures that say what users or workflows did. */
export const metricsFor = ({ metrics }: Catalogue, of: Subject): MetricInfo[] =>
  metrics.filter(
    ({ name, dimensions }) =>
      dimensions.includes(of === 'users' ? 'user' : 'workflow') && !REFUSED.test(name),
  );

/** The properties of users are the dimensions of what they do, those of workflows the dimensions of their executions. */
export function propertiesFor(
  catalogue: Catalogue,
  of: Subject,
): { name: string; label: string }[] {
  const [metric, itself] = of === 'users' ? ['activities', 'user'] : ['executions', 'workflow'];
  const own = catalogue.metric(metric).dimensions;
  return catalogue.dimensions.filter(
    ({ name, declared }) => declared || (own.includes(name) && name !== itself),
  );
}

/** When a behaviour is counted, in words. */
export function rangeText(range: Range | undefined, zone: string): string {
  const days = daysOf(range);
  if (days !== null) return words.lastDays(days);
  if (range?.last) return words.last(range.last);
  const at = (time: string | null | undefined): string =>
    time ? dateTime(Date.parse(time), zone) : words.unknown;
  return range?.all ? words.allTime : words.between(at(range?.from), at(range?.to));
}

/** A condition in words. */
export function conditionText(
  condition: SegmentCondition,
  catalogue: Catalogue,
  zone: string,
): string {
  if (condition.type === 'property') {
    const { property, op, values } = condition;
    const label = catalogue.dimension(property).label.replace(/^metadata\./, '');
    return words.property(
      label,
      values.map((value) => value ?? words.noValue),
      op === 'not_in',
    );
  }
  const { metric, op = 'at_least', value, range, filters = [] } = condition;
  const { label, unit } = catalogue.metric(metric);
  const what = filters.length > 0 ? `${label} ${words.limited}` : label;
  return words.behaviour(what, words.comparisons[op], figure(value, unit), rangeText(range, zone));
}
