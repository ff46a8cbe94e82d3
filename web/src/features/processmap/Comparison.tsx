import { useMemo, type ReactNode } from 'react';
import type { VariantComparison, Variants } from '@/api/processMap';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import { processmap as words } from '@/words';
import { versionsQuery } from '../cardQueries';
import { useCardQuery } from '../useCardQuery';
import { useWorkflow } from '../workflow/context';
import { ComparedParts, partsLead, partsOf } from './ComparedParts';
import { ComparedVariants } from './ComparedVariants';
import { groupsOf, subjectOf, type Given, type Group, type Subject } from './groups';
import { SUBJECTS } from './search';
import { useMapSearch, useSetMap } from './state';

interface Props {
  variants: Variants | undefined;
  query: QueryState<VariantComparison>;
  colors: Map<string, number>;
}

/** Two groups of executions side by side: which paths, steps and arrows differ. */
export function Comparison({ variants, query, colors }: Props): ReactNode {
  const { view } = useWorkflow();
  const { a, b } = useMapSearch();
  const setMap = useSetMap();
  const versions = useCardQuery(view, versionsQuery, true, 'later');
  const given: Given = {
    versions: versions.data?.rows ?? [],
    variants: variants?.rows ?? [],
    bounds: view.bounds,
  };
  const subject = subjectOf(a);
  const chosen = a !== undefined && b !== undefined;
  return (
    <Card
      title={words.comparison.title}
      testId="comparison"
      actions={
        chosen && (
          <Button small kind="quiet" onClick={() => setMap({ a: undefined, b: undefined })}>
            {words.comparison.stop}
          </Button>
        )
      }
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pb-3">
        <SubjectChoice given={given} subject={subject} />
        {chosen && subject && <Groups groups={groupsOf(subject, given)} a={a} b={b} />}
      </div>
      {chosen && (
        <QueryContent
          what={words.comparison.what}
          query={query}
          skeleton={<TableSkeleton rows={6} />}
        >
          {(data) => <Compared data={data} colors={colors} />}
        </QueryContent>
      )}
    </Card>
  );
}

/** What differs between two groups; what has something to say leads. */
function Compared(props: { data: VariantComparison; colors: Map<string, number> }): ReactNode {
  const { data } = props;
  const parts = useMemo(() => partsOf(data), [data]);
  const paths = <ComparedVariants {...props} />;
  if (partsLead(data, parts)) {
    return (
      <>
        <ComparedParts parts={parts} />
        <div className="border-t pt-3">{paths}</div>
      </>
    );
  }
  return (
    <>
      {paths}
      <ComparedParts parts={parts} />
    </>
  );
}

/** What to compare by. A subject of which there are not two groups cannot be chosen. */
function SubjectChoice({ given, subject }: { given: Given; subject?: Subject }): ReactNode {
  const setMap = useSetMap();
  return (
    <div
      role="group"
      aria-label={words.comparison.by}
      className="flex flex-wrap items-center gap-1"
    >
      <span aria-hidden="true" className="mr-1 text-xs text-ink-3">
        {words.comparison.by}
      </span>
      {SUBJECTS.map((choice) => {
        const [a, b] = groupsOf(choice, given);
        return (
          <Button
            key={choice}
            small
            aria-pressed={choice === subject}
            disabled={!a || !b}
            onClick={() => setMap({ a: a?.value, b: b?.value })}
          >
            {words.comparison.kinds[choice]}
          </Button>
        );
      })}
    </div>
  );
}

/** Which two groups to compare. */
function Groups({ groups, a, b }: { groups: Group[]; a: string; b: string }): ReactNode {
  const setMap = useSetMap();
  const select = (side: 'a' | 'b', value: string, color: string): ReactNode => {
    const known = groups.some((group) => group.value === value);
    return (
      <label className="inline-flex min-w-0 items-center gap-1.5">
        <span className="font-semibold" style={{ color }}>
          {words.comparison[side]}
        </span>
        <select
          value={value}
          onChange={(event) => setMap({ [side]: event.target.value })}
          className="h-8 max-w-56 min-w-0 rounded-md border border-line-strong bg-surface px-1.5 pointer-coarse:h-10"
        >
          {!known && <option value={value}>{value.slice(value.indexOf(':') + 1)}</option>}
          {groups.map((group) => (
            <option key={group.value} value={group.value}>
              {group.label}
            </option>
          ))}
        </select>
      </label>
    );
  };
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-3">
      {select('a', a, 'var(--more-a)')}
      {select('b', b, 'var(--more-b)')}
    </div>
  );
}
