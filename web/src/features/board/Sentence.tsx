import type { ReactNode } from 'react';
import type { QueryResult } from '@/api/types';
import type { QueryState } from '@/components/QueryContent';
import { Skeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { counted, exact, isolated, percent } from '@/lib/format';
import { when } from '@/lib/range';
import { board, nouns } from '@/words';
import { nameOf, numberOf } from '../rows';
import { groupErrors, type ErrorType } from './TopErrors';

const words = board.sentence;
const executions = (count: number): string => counted(count, nouns.execution);

/** How many executions completed; the rate is one of those that completed or failed, which the words say if there are others. */
export function outcome(result: Answer): string {
  const { range, extent, zone } = result.frame;
  const row = result.rows[0];
  const get = (name: string): number => numberOf(row, name) ?? 0;
  const period = when(range, extent, zone);
  const decided = get('completed') + get('failed') + get('crashed');
  const rate = numberOf(row, 'success_rate');
  if (get('executions') === 0) return words.none(period);
  if (decided === 0 || rate === null) {
    return words.undecided(executions(get('executions')), period);
  }
  const said = decided === get('executions') ? words.completed : words.completedOfDecided;
  return said(percent(rate), executions(decided), period);
}

function trouble(result: QueryResult, errors: QueryResult | undefined): string {
  const row = result.rows[0];
  const failed = (numberOf(row, 'failed') ?? 0) + (numberOf(row, 'crashed') ?? 0);
  if ((numberOf(row, 'executions') ?? 0) === 0) return '';
  if (failed === 0) return words.noFailures;
  const first = errors && groupErrors(errors, 'workflow').groups[0];
  return first && errors
    ? words.failuresMostly(executions(failed), mostCommon(errors, first))
    : words.failures(executions(failed));
}

/** The most common type of error, and its count in the place with the most. */
export function mostCommon(errors: QueryResult, error: ErrorType): string {
  const { count, place, countInPlace } = error;
  const type = isolated(error.type);
  return place === null
    ? words.errors(type, exact(count))
    : words.errorsIn(type, exact(countInPlace), isolated(nameOf(errors, 'workflow', place)));
}

/** The errors, if they were asked for with the same range and filters: the two answers arrive separately. */
function matching(result: Answer, errors: Answer | undefined): Answer | undefined {
  const subject = ({ frame }: Answer): string =>
    JSON.stringify([frame.bounds, frame.env, frame.workflows]);
  return errors && subject(errors) === subject(result) ? errors : undefined;
}

/** The sentence of a page. The lines that it may need are there before it is, so that nothing jumps. */
export const SENTENCE = 'min-h-24 text-base leading-6 text-pretty sm:min-h-12 2xl:min-h-6';

/** The state of the view in words. */
export function Sentence(props: { headline: QueryState<Answer>; errors?: Answer }): ReactNode {
  const { data } = props.headline;
  if (!data) {
    return props.headline.isError ? null : (
      <div className={SENTENCE}>
        <Skeleton className="my-0.5 h-5 w-96 max-w-full" />
      </div>
    );
  }
  return (
    <p data-testid="sentence" className={SENTENCE}>
      {outcome(data)}
      <span className="text-ink-2">{trouble(data, matching(data, props.errors))}</span>
    </p>
  );
}
