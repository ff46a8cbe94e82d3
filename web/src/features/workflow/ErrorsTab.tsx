import type { ReactNode } from 'react';
import { Card } from '@/components/Card';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { counted } from '@/lib/format';
import { nouns, workflow as words } from '@/words';
import { TopErrors } from '../board/TopErrors';
import { errorStepsQuery } from '../cardQueries';
import { useComparability, useCoverage } from '../coverage';
import { ErrorsOverTime } from '../errors/ErrorsOverTime';
import { useErrorGroups } from '../errors/frame';
import { GroupTable } from '../errors/GroupTable';
import { useCardQuery } from '../useCardQuery';
import { useWorkflow } from './context';

const SAID = words.errors;
const choosesNothing = (): void => undefined;

/** The errors of a workflow: when, in which step, and of which group. */
export function ErrorsTab(): ReactNode {
  const { id, view } = useWorkflow();
  const groups = useErrorGroups(view);
  const steps = useCardQuery(view, errorStepsQuery, true, 'later');
  const coverage = useCoverage(view);
  const comparable = useComparability(coverage, groups.data?.range);
  return (
    <div className="grid grid-cols-12 gap-3">
      <ErrorsOverTime view={view} label={SAID.overTime} coverage={coverage} />
      <TopErrors
        query={steps}
        by="error_step"
        placeHeader={SAID.mostInStep}
        workflow={id}
        className="xl:col-span-5"
      />
      <Card
        title={SAID.groups}
        note={groups.data && counted(groups.data.groupCount, nouns.group)}
        testId="error-groups"
        className="col-span-full"
      >
        <QueryContent what={SAID.title} query={groups} skeleton={<TableSkeleton rows={8} />}>
          {(data) =>
            data.errors.length === 0 ? (
              <EmptyNote>{SAID.none}</EmptyNote>
            ) : (
              <>
                <GroupTable
                  groups={data}
                  comparable={comparable}
                  chosen={null}
                  onChoose={choosesNothing}
                />
                {data.groupCount > data.errors.length && (
                  <p className="border-t px-4 py-2 text-xs text-ink-3">
                    {SAID.first(data.errors.length, data.groupCount)}
                  </p>
                )}
              </>
            )
          }
        </QueryContent>
      </Card>
    </div>
  );
}
