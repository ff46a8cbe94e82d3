import type { ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import type { Comparability } from '@/components/Delta';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { board, overview as words } from '@/words';
import { slowestStepsQuery, slowestWorkflowsQuery } from '../cardQueries';
import { comparisonOf } from '../board/series';
import { useCardQuery } from '../useCardQuery';
import type { View } from '../view';
import { useOverviewSearch } from './search';
import { SlowestSteps } from './SlowestSteps';
import { SlowestWorkflows } from './SlowestWorkflows';
import {
  mostlyWaiting,
  slowerSteps,
  slowerStepsQuery,
  slowerWorkflows,
  slowerWorkflowsQuery,
} from './slower';
import { SlowerTable } from './SlowerTable';
import { ExploreLink } from '../explore/ExploreLink';

interface Props {
  view: View;
  /** Whether there is a past to compare with; undefined while it is not known. */
  comparable: Comparability | undefined;
}

/** What became slower: workflows and steps against their own past, or the slowest ones where there is no past to compare with. */
export function Slow({ view, comparable }: Props): ReactNode {
  const hasPast = view.range.kind !== 'all' && comparable?.possible !== false;
  return hasPast ? <SlowerThanBefore view={view} /> : <Slowest view={view} />;
}

function Slowest({ view }: { view: View }): ReactNode {
  const workflows = useCardQuery(view, slowestWorkflowsQuery, true, 'later');
  const steps = useCardQuery(view, slowestStepsQuery, true, 'later');
  return (
    <>
      <SlowestWorkflows query={workflows} />
      <SlowestSteps query={steps} />
    </>
  );
}

function SlowerThanBefore({ view }: { view: View }): ReactNode {
  const workflows = useCardQuery(view, slowerWorkflowsQuery(view), true, 'later');
  const steps = useCardQuery(view, slowerStepsQuery(view), true, 'later');
  return (
    <>
      <SlowerWorkflows query={workflows} steps={steps.data} />
      <SlowerSteps query={steps} />
    </>
  );
}

const against = (answer: Answer | undefined): string | undefined =>
  answer && words.against(board.inComparison[comparisonOf(answer)]);

function SlowerWorkflows(props: {
  query: QueryState<Answer>;
  steps: Answer | undefined;
}): ReactNode {
  return (
    <Card
      title={words.slowerWorkflows}
      note={against(props.query.data)}
      testId="slower-workflows"
      className="col-span-full xl:col-span-6"
      actions={
        <ExploreLink
          title={words.slowerWorkflows}
          frame={props.query.data?.frame}
          query={slowerWorkflowsQuery}
        />
      }
    >
      <QueryContent
        what={words.slowerWorkflows}
        query={props.query}
        skeleton={<TableSkeleton rows={8} />}
      >
        {(result) => (
          <SlowerTable
            label={words.slowerWorkflows}
            found={slowerWorkflows(result)}
            subject="workflow"
            waiting={mostlyWaiting(props.steps)}
          />
        )}
      </QueryContent>
    </Card>
  );
}

function SlowerSteps({ query }: { query: QueryState<Answer> }): ReactNode {
  const [{ steps }, setSearch] = useOverviewSearch();
  const waiting = steps === 'waiting';
  const choice = (value: boolean, label: string, hint: string): ReactNode => (
    <Button
      kind="quiet"
      small
      title={hint}
      aria-pressed={waiting === value}
      onClick={() => setSearch({ steps: value ? 'waiting' : undefined })}
    >
      {label}
    </Button>
  );
  return (
    <Card
      title={words.slowerSteps}
      note={against(query.data)}
      testId="slower-steps"
      className="col-span-full xl:col-span-6"
      actions={
        <>
          {choice(false, words.working, words.workingHint)}
          {choice(true, words.waiting, words.waitingHint)}
          <ExploreLink
            title={words.slowerSteps}
            frame={query.data?.frame}
            query={slowerStepsQuery}
          />
        </>
      }
    >
      <QueryContent what={words.slowerSteps} query={query} skeleton={<TableSkeleton rows={8} />}>
        {(result) => (
          <SlowerTable
            label={words.slowerSteps}
            found={slowerSteps(result, waiting)}
            subject="step"
          />
        )}
      </QueryContent>
    </Card>
  );
}
