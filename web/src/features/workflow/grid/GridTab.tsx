import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Grid } from '@/api/workflow';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { Picker } from '@/components/Picker';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { workflow as words } from '@/words';
import { useReleases } from '../../markers';
import { useWorkflow } from '../context';
import { useRead, useSetTab } from '../../read';
import { RUNS, type GridSearch } from '../search';
import { GridTable } from './GridTable';

const SAID = words.grid;
const USUAL = '50';

/** The last executions of a workflow, a column each, and how each of their steps went. */
export function GridTab(): ReactNode {
  const { id, view } = useWorkflow();
  const { runs = USUAL, shade } = useSearch({ from: '/frame/board/workflows/$id/grid' });
  const setTab = useSetTab<GridSearch>();
  const path = `/api/v1/analytics/workflows/${encodeURIComponent(id)}/grid`;
  const query = useRead<Grid>(view, path, { runs });
  const grid = query.data;
  const releases = useReleases(view);
  return (
    <Card
      title={SAID.title}
      note={
        grid && SAID.note(grid.executions.length, grid.executions.length + grid.omitted.executions)
      }
      testId="grid"
      actions={
        <>
          <Button
            kind="quiet"
            small
            aria-pressed={shade === 'time'}
            title={SAID.shadeHint}
            onClick={() => setTab({ shade: shade === 'time' ? undefined : 'time' })}
          >
            {SAID.shade}
          </Button>
          <Picker
            label={SAID.runs}
            icon="list"
            text={SAID.newest(runs)}
            selected={runs}
            options={[USUAL, ...RUNS]
              .sort((a, b) => Number(a) - Number(b))
              .map((value) => ({ value, label: SAID.newest(value) }))}
            onPick={(value) => setTab({ runs: RUNS.find((entry) => entry === value) })}
            testId="grid-runs"
          />
        </>
      }
    >
      <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={10} />}>
        {(data) =>
          data.executions.length === 0 ? (
            <EmptyNote>{SAID.none}</EmptyNote>
          ) : (
            <>
              <GridTable
                // Another grid starts with its newest execution in view.
                key={`${data.executions[0]?.id} ${data.executions.length}`}
                grid={data}
                byTime={shade === 'time'}
                releases={releases}
              />
              {data.steps.length === 0 && <EmptyNote>{SAID.noSteps}</EmptyNote>}
              {data.omitted.steps > 0 && (
                <p className="border-t px-4 py-2 text-xs text-ink-3">
                  {SAID.omittedSteps(data.omitted.steps)}
                </p>
              )}
            </>
          )
        }
      </QueryContent>
    </Card>
  );
}
