import type { ReactNode } from 'react';
import type { ExecutionComparison } from '@/api/executions';
import { Name } from '@/components/Name';
import { duration, exact, money, NO_VALUE } from '@/lib/format';
import { executions as words } from '@/words';
import { stateLook } from '../state';
import { LetterMark } from './Side';

/** What a field is called; declared keys of metadata are called as the producer calls them. */
const nameOf = (field: string): string =>
  words.compare.fields[field] ?? field.replace(/^metadata\./, '');

/** A value; those of metadata are of any type. */
function shown(field: string, value: unknown): ReactNode {
  if (value == null) return NO_VALUE;
  if (typeof value === 'number') {
    if (field === 'duration') return duration(value);
    return field === 'cost' ? money(value) : exact(value);
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return field === 'status' ? stateLook(text).label : <Name of={text} />;
}

/** The fields that matter most, in this order; the others follow. */
const FIRST = ['status', 'duration', 'cost', 'workflowVersion', 'errorType', 'errorMessage'];
const placeOf = (field: string): number => {
  const place = FIRST.indexOf(field);
  return place < 0 ? FIRST.length : place;
};

/** The differences to show, the most important first. Ids of groups say nothing beside the texts of their errors. */
export function differencesOf(data: ExecutionComparison): ExecutionComparison['differences'] {
  const named = (value: unknown): unknown =>
    data.rows.find(({ step }) => step.id === value)?.step.name ?? value;
  return data.differences
    .filter(({ field }) => field !== 'errorGroup')
    .map((of) =>
      of.field === 'errorStep' ? { field: of.field, a: named(of.a), b: named(of.b) } : of,
    )
    .sort((one, other) => placeOf(one.field) - placeOf(other.field));
}

/** The fields in which two executions differ. */
export function Differences({ of }: { of: ExecutionComparison['differences'] }): ReactNode {
  if (of.length === 0) return <p className="px-4 pb-3 text-ink-3">{words.compare.none}</p>;
  return (
    <table aria-label={words.compare.differences} className="mb-1 w-full table-fixed">
      <thead>
        <tr className="text-left">
          <td className="w-32 px-4 sm:w-1/4" />
          {(['a', 'b'] as const).map((letter) => (
            <th key={letter} scope="col" className="h-8 px-2 last:pr-4">
              <LetterMark of={letter} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {of.map(({ field, a, b }) => (
          <tr key={field} data-field={field} className="border-t align-top">
            <th scope="row" className="px-4 py-1.5 text-left font-normal text-ink-3">
              <Name of={nameOf(field)} />
            </th>
            <td className="px-2 py-1.5">{shown(field, a)}</td>
            <td className="py-1.5 pr-4 pl-2">{shown(field, b)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
