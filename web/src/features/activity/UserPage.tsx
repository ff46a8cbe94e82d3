import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ACTIVITY, type UserActivity } from '@/api/activity';
import { QueryContent } from '@/components/QueryContent';
import { exactFigure, figure, fixed } from '@/lib/format';
import { activity as words, frame } from '@/words';
import { NoData } from '../board/Empty';
import { Breadcrumb } from '../Breadcrumb';
import { ExactTime } from '../Time';
import { UserName } from '../UserName';
import { useView, type View } from '../view';
import { useRead } from '../read';
import { Tiles, TilesSkeleton, type Tile } from '../Tiles';
import { Features } from './Features';
import { OneWorkflow } from './OneWorkflow';
import { activityView } from './read';
import { ReportChart } from './ReportChart';
import { sessionSeries } from './series';
import { Sessions } from './Sessions';
import { Trail } from './Trail';
import { UserWorkflows } from './UserWorkflows';

const SAID = words.user;

/** The page of one user. */
export function UserPage(): ReactNode {
  const { user } = useParams({ from: '/frame/board/activity/users/$user' });
  const view = useView();
  if (!view.extent) return <NoData view={view} />;
  // Another user starts anew: the figures of one never stand under the name of the other.
  return <Known key={`${view.project.id} ${user}`} view={activityView(view)} user={user} />;
}

function Known({ view, user }: { view: View; user: string }): ReactNode {
  const query = useRead<UserActivity>(view, `${ACTIVITY}/users/${encodeURIComponent(user)}`, {
    granularity: view.granularity,
    workflowId: view.workflows[0],
  });
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(user)}</title>
      <div>
        <Breadcrumb to="/activity/engagement" label={words.title} />
        <h1 className="min-h-7 leading-7 font-semibold [&>*]:text-lg" data-testid="user-name">
          <UserName id={user} />
        </h1>
        <p className="min-h-5 text-xs text-ink-3">
          {query.data &&
            SAID.seen(
              <ExactTime at={query.data.firstSeen} />,
              <ExactTime at={query.data.lastSeen} since />,
            )}
        </p>
      </div>
      <OneWorkflow />
      <QueryContent what={SAID.figures} query={query} skeleton={<TilesSkeleton count={6} />}>
        {(report) => <Tiles label={SAID.figures} tiles={tilesOf(report)} />}
      </QueryContent>
      <div className="grid grid-cols-12 items-start gap-3">
        <div className="col-span-full flex min-w-0 flex-col gap-3 xl:col-span-7">
          <ReportChart
            id="sessions"
            title={words.users.sessions}
            label={SAID.sessionsLabel}
            empty={words.users.nothing}
            query={query}
            chart={sessionSeries}
            testId="sessions"
          />
          <Sessions view={view} user={user} />
          <Trail view={view} user={user} />
        </div>
        <div className="col-span-full flex min-w-0 flex-col gap-3 xl:col-span-5">
          <UserWorkflows view={view} user={user} />
          <Features ofOne query={query} />
        </div>
      </div>
    </div>
  );
}

function tilesOf({ summary, engagement }: UserActivity): Tile[] {
  const count = (label: string, value: number | null | undefined, note?: string): Tile => ({
    label,
    value: figure(value, 'count'),
    exact: exactFigure(value, 'count'),
    note,
  });
  return [
    {
      label: SAID.score,
      value: engagement ? fixed(engagement.score, 1) : figure(null, 'count'),
      note: engagement ? words.engagement.levels[engagement.level] : SAID.noScore,
    },
    count(SAID.activeDays, engagement?.activeDays ?? 0),
    count(SAID.activities, summary.activities),
    count(SAID.logins, summary.logins),
    count(
      SAID.sessions,
      summary.sessions,
      SAID.median(figure(summary.medianSessionMs, 'milliseconds')),
    ),
    {
      label: SAID.activeTime,
      value: figure(summary.activeTimeMs, 'milliseconds'),
      exact: exactFigure(summary.activeTimeMs, 'milliseconds'),
    },
  ];
}
