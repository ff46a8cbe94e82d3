import { useMemo, type ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import { Card } from '@/components/Card';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { exactFigure, figure } from '@/lib/format';
import { explore as words } from '@/words';
import { numberOf } from '../rows';
import { titleOf, type Dimension } from './catalogue';
import { linesOf, type Line } from './rows';

/** More bars than this are not compared at a glance; the table has every group. */
const MOST = 20;

/** The first metric of each group as a bar, in the order of the answer. */
export function Bars(props: {
  query: QueryState<Answer>;
  metrics: MetricInfo[];
  groups: Dimension[];
}): ReactNode {
  const { metrics, groups } = props;
  const [metric] = metrics;
  if (!metric) return null;
  const title = titleOf([metric], groups);
  return (
    <Card title={title} testId="explore-bars">
      <QueryContent what={title} query={props.query} skeleton={<TableSkeleton rows={8} />}>
        {(answer) => <List answer={answer} metric={metric} groups={groups} />}
      </QueryContent>
    </Card>
  );
}

function List(props: { answer: Answer; metric: MetricInfo; groups: Dimension[] }): ReactNode {
  const { answer, metric, groups } = props;
  const lines = useMemo(() => linesOf(answer, groups), [answer, groups]);
  const valueOf = ({ row }: Line): number | null => numberOf(row, metric.name);
  const listed = lines.filter((line) => line.listed && valueOf(line) !== null).slice(0, MOST);
  const rest = lines.find((line) => !line.listed && valueOf(line) !== null);
  const most = Math.max(0, ...listed.map((line) => Math.abs(valueOf(line) ?? 0)));
  if (listed.length === 0 || most === 0) return <EmptyNote>{words.empty}</EmptyNote>;
  return (
    <ul className="flex flex-col gap-1 px-4 pt-1 pb-4">
      {[...listed, ...(rest ? [rest] : [])].map((line) => (
        <li
          key={line.key}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 sm:grid-cols-[minmax(0,14rem)_1fr_5.5rem]"
        >
          <span className={`truncate ${line.listed ? '' : 'text-ink-3'}`}>
            <Name cut of={words.group(line.names)} />
          </span>
          <span
            aria-hidden="true"
            className="h-4 max-sm:order-last max-sm:col-span-full max-sm:h-2"
          >
            {/* Next to the sum of the rest, the groups would be too small to compare. */}
            {line.listed && (
              <span
                className="block h-full rounded-sm bg-(--series-1)"
                style={{
                  width: `${(100 * Math.abs(valueOf(line) ?? 0)) / most}%`,
                  minWidth: valueOf(line) ? 2 : 0,
                }}
              />
            )}
          </span>
          <span className="text-right tabular-nums" title={exactFigure(valueOf(line), metric.unit)}>
            {figure(valueOf(line), metric.unit)}
          </span>
        </li>
      ))}
    </ul>
  );
}
