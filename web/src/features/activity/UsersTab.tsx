import type { ReactNode } from 'react';
import type { ActivityReport, EngagementReport } from '@/api/activity';
import type { Unit } from '@/api/types';
import { Delta } from '@/components/Delta';
import { QueryContent } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import { counted, exactFigure, figure } from '@/lib/format';
import { when } from '@/lib/range';
import { activity as words, nouns } from '@/words';
import { SENTENCE } from '../board/Sentence';
import { useComparability, useCoverage } from '../coverage';
import { useView } from '../view';
import { Tiles, TilesSkeleton, type Tile } from '../Tiles';
import { Features } from './Features';
import { HourOfWeek } from './HourOfWeek';
import { OneWorkflow } from './OneWorkflow';
import { activityView, useActives, useActivity } from './read';
import { ReportChart } from './ReportChart';
import { activeSeries, sessionSeries } from './series';

const SAID = words.users;

/** Who was active and when, and what they used. */
export function UsersTab(): ReactNode {
  const view = activityView(useView());
  const activity = useActivity(view);
  const actives = useActives(view);
  // The API compares activity with the previous period.
  const coverage = useCoverage({ ...view, compare: undefined });
  const comparable = useComparability(coverage, activity.data?.range);
  return (
    <>
      <OneWorkflow />
      <p data-testid="sentence" className={`${SENTENCE} xl:min-h-6`}>
        {activity.data && <Sentence report={activity.data} actives={actives.data} />}
      </p>
      <QueryContent what={SAID.figures} query={activity} skeleton={<TilesSkeleton count={6} />}>
        {(report) => (
          <Tiles label={SAID.figures} tiles={tilesOf(report, actives.data, comparable)} />
        )}
      </QueryContent>
      <div className="grid grid-cols-12 gap-3">
        <ReportChart
          id="actives"
          title={SAID.activeUsers}
          label={SAID.activeLabel}
          empty={SAID.nothing}
          query={actives}
          chart={activeSeries}
          testId="active-users"
          className="col-span-full xl:col-span-7"
        />
        <HourOfWeek view={view} className="col-span-full xl:col-span-5" />
        <ReportChart
          id="sessions"
          title={SAID.sessions}
          label={SAID.sessionsLabel}
          empty={SAID.nothing}
          query={activity}
          chart={sessionSeries}
          testId="sessions"
          className="col-span-full xl:col-span-5"
        />
        <Features query={activity} className="col-span-full xl:col-span-7" />
      </div>
    </>
  );
}

function Sentence(props: {
  report: ActivityReport & Asked;
  actives: EngagementReport | undefined;
}): ReactNode {
  const { report, actives } = props;
  const { range, extent, zone } = report.frame;
  const period = when(range, extent, zone);
  const { activeUsers } = report.summary;
  if (activeUsers === 0) return SAID.nobody(period);
  const { averageDau, averageStickiness } = actives?.actives ?? {};
  return (
    <>
      {SAID.wereActive(counted(activeUsers, nouns.user), period)}
      {typeof averageDau === 'number' && typeof averageStickiness === 'number' && (
        <span className="text-ink-2">
          {SAID.onAverage(figure(averageDau, 'count'), figure(averageStickiness, 'percent'))}
        </span>
      )}
    </>
  );
}

function tilesOf(
  { summary, previous }: ActivityReport,
  report: EngagementReport | undefined,
  comparable: ReturnType<typeof useComparability>,
): Tile[] {
  const tile = (
    label: string,
    unit: Unit,
    value: number | null | undefined,
    note: ReactNode,
  ): Tile => ({ label, value: figure(value, unit), exact: exactFigure(value, unit), note });
  const change = (figureName: 'activeUsers' | 'logins' | 'sessions'): ReactNode => (
    <Delta
      now={summary[figureName]}
      before={previous[figureName]}
      metric={{ unit: 'count', goodDirection: 'up' }}
      comparable={comparable}
    />
  );
  return [
    tile(SAID.activeUsers, 'count', summary.activeUsers, change('activeUsers')),
    tile(SAID.averageDau, 'count', report?.actives.averageDau, SAID.completeDays),
    tile(SAID.stickiness, 'percent', report?.actives.averageStickiness, SAID.stickinessNote),
    tile(SAID.logins, 'count', summary.logins, change('logins')),
    tile(SAID.sessions, 'count', summary.sessions, change('sessions')),
    tile(
      SAID.medianSession,
      'milliseconds',
      summary.medianSessionMs,
      SAID.p95(figure(summary.p95SessionMs, 'milliseconds')),
    ),
  ];
}
