import { useMemo, useState, type ReactNode } from 'react';
import { readEngagement, type EngagementReport } from '@/api/activity';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { counted, exactFigure, figure } from '@/lib/format';
import { activity as words, nouns } from '@/words';
import { usePermission } from '../session';
import { useView } from '../view';
import { Tiles, TilesSkeleton, type Tile } from '../Tiles';
import { Formula } from './Formula';
import { More } from './More';
import { OneWorkflow } from './OneWorkflow';
import { activityView } from './read';
import { RuleDialog } from './rule/RuleDialog';
import { usePages } from './usePages';
import { UserTable } from './UserTable';

const SAID = words.engagement;

/** Every active user with a score of their engagement, and how it is worked out. */
export function EngagementTab(): ReactNode {
  const view = activityView(useView());
  const frame = { environment: view.env, timezone: view.zone, workflowId: view.workflows[0] };
  const allowed = usePermission(view.project, 'manage_settings');
  const [editing, setEditing] = useState(false);
  const pages = usePages({
    view,
    question: ['engagement', frame],
    ask: (bounds, cursor, signal) =>
      readEngagement(view.project.id, { ...frame, ...bounds }, cursor, signal),
  });
  const users = useMemo(() => pages.data?.flatMap((page) => page.users) ?? [], [pages.data]);
  // All pages say the same about all users; the newest answer says it last.
  const report = pages.data?.at(-1);
  return (
    <>
      <OneWorkflow />
      {report ? (
        <Tiles label={SAID.summary} tiles={tilesOf(report)} />
      ) : (
        !pages.isError && <TilesSkeleton count={5} />
      )}
      <div className="grid grid-cols-12 items-start gap-3">
        <Card
          title={SAID.users}
          note={report && counted(report.scores.users, nouns.user)}
          testId="scored-users"
          className="col-span-full xl:col-span-8"
        >
          <QueryContent what={SAID.users} query={pages} skeleton={<TableSkeleton rows={12} />}>
            {() =>
              users.length === 0 ? (
                <EmptyNote>{SAID.nobody}</EmptyNote>
              ) : (
                <>
                  <UserTable users={users} />
                  <More pages={pages} shown={users.length} of={report?.scores.users} />
                </>
              )
            }
          </QueryContent>
        </Card>
        {report && (
          <Formula
            rule={report.rule}
            className="col-span-full max-xl:order-first xl:col-span-4"
            actions={
              allowed && (
                <Button small onClick={() => setEditing(true)}>
                  {SAID.change}
                </Button>
              )
            }
          />
        )}
      </div>
      {report && editing && (
        <RuleDialog
          view={view}
          frame={frame}
          rule={report.rule}
          onClose={() => setEditing(false)}
        />
      )}
    </>
  );
}

function tilesOf({ scores }: EngagementReport): Tile[] {
  const tile = (label: string, value: number | null | undefined, note: string): Tile => ({
    label,
    value: figure(value, 'count'),
    exact: exactFigure(value, 'count'),
    note,
  });
  return [
    tile(SAID.average, scores.average, SAID.outOf),
    tile(SAID.median, scores.median, SAID.outOf),
    tile(SAID.levels.high, scores.high, SAID.bounds.high),
    tile(SAID.levels.medium, scores.medium, SAID.bounds.medium),
    tile(SAID.levels.low, scores.low, SAID.bounds.low),
  ];
}
