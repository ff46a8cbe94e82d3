import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { readAllEngagement, type ActivityFrame, type EngagementReport } from '@/api/activity';
import { DataTable, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import { present } from '@/lib/clock';
import { exact, figure, fixed } from '@/lib/format';
import { activity } from '@/words';
import type { View } from '../../view';
import { countedDays, levelsOf, rankedBy, type Ranked, type Rule } from './rank';

const SAID = activity.engagement.editor;
/** How many users of the new ranking are listed. */
const LISTED = 10;

/** The part of a project that is ranked, apart from the range. */
export type RankFrame = Omit<ActivityFrame, 'from' | 'to'>;

function moveText({ moved }: Ranked): string {
  if (moved === 0) return SAID.same;
  return moved > 0 ? SAID.up(moved) : SAID.down(-moved);
}

const COLUMNS: Column<Ranked>[] = [
  {
    id: 'rank',
    header: SAID.rank,
    cell: (row) => (
      <>
        {exact(row.rank)} <span className="text-2xs text-ink-3">{moveText(row)}</span>
      </>
    ),
  },
  {
    id: 'user',
    header: SAID.user,
    className: 'max-w-40 font-mono text-xs',
    tells: true,
    cell: ({ userId }) => <Name cut of={userId} />,
  },
  { id: 'now', header: SAID.now, numeric: true, cell: ({ now }) => fixed(now, 1) },
  { id: 'then', header: SAID.then, numeric: true, cell: ({ then }) => fixed(then, 1) },
];

/** The ranking that a rule leads to, worked out from the figures of today's. */
export function RankPreview(props: {
  view: View;
  frame: RankFrame;
  /** Null while it is not complete. */
  rule: Rule | null;
}): ReactNode {
  const { view, frame, rule } = props;
  const bounds = {
    from: new Date(view.bounds.from).toISOString(),
    to: new Date(view.bounds.to).toISOString(),
  };
  const query = useQuery({
    queryKey: ['query', view.project.id, 'ranking', frame, bounds],
    staleTime: Infinity,
    queryFn: async ({ signal }) => ({
      ...(await readAllEngagement(view.project.id, { ...frame, ...bounds }, signal)),
      at: present(),
    }),
  });
  return (
    <section aria-label={SAID.preview} data-testid="rank-preview" className="min-w-0">
      <h3 className="text-xs font-medium text-ink-2">{SAID.preview}</h3>
      <QueryContent what={SAID.preview} query={query} skeleton={<TableSkeleton rows={LISTED} />}>
        {(report) =>
          rule ? (
            <Ranking report={report} rule={rule} />
          ) : (
            <p className="py-2 text-ink-3">{SAID.ask}</p>
          )
        }
      </QueryContent>
    </section>
  );
}

function Ranking({ report, rule }: { report: EngagementReport & { at: number }; rule: Rule }) {
  const { users, scores } = report;
  const ranked = useMemo(
    () => rankedBy(users, rule, countedDays(report, report.at)),
    [report, users, rule],
  );
  const mean = (of: 'now' | 'then'): string => {
    const sum = ranked.reduce((all, row) => all + row[of], 0);
    return fixed(ranked.length > 0 ? sum / ranked.length : 0, 1);
  };
  const levels = levelsOf(ranked);
  const said = (count: number): string => figure(count, 'count');
  return (
    <>
      <p className="text-xs text-ink-3">
        {users.length < scores.users
          ? SAID.some(users.length, scores.users)
          : SAID.all(users.length)}
      </p>
      <p role="status" className="py-1">
        {SAID.mean(mean('now'), mean('then'))}{' '}
        {SAID.levels(said(levels.high), said(levels.medium), said(levels.low))}
      </p>
      <div className="rounded-lg border bg-surface">
        <DataTable
          label={SAID.preview}
          columns={COLUMNS}
          rows={ranked.slice(0, LISTED)}
          rowKey={({ userId }) => userId}
        />
      </div>
    </>
  );
}
