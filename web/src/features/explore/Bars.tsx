import { useMemo, type ReactNode } from 'react';
import type { MetricInfo, Unit } from '@/api/types';
import { Card } from '@/components/Card';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { exactFigure } from '@/lib/format';
import { explore as words } from '@/words';
import { numberOf } from '../rows';
import { Behind } from './Behind';
import { titleOf, type Dimension } from './catalogue';
import { linesOf, type Line } from './rows';

/** More bars than this are not compared at a glance; the table has every group. */
const MOST = 20;
/** As many bars as a group has at most. */
const MOST_METRICS = 4;

/** The metrics of each group as bars, in the order of the answer. */
export function Bars(props: {
  query: QueryState<Answer>;
  metrics: MetricInfo[];
  groups: Dimension[];
}): ReactNode {
  const { groups } = props;
  const metrics = props.metrics.slice(0, MOST_METRICS);
  if (metrics.length === 0) return null;
  const title = titleOf(metrics, groups);
  return (
    <Card title={title} testId="explore-bars">
      <QueryContent what={title} query={props.query} skeleton={<TableSkeleton rows={8} />}>
        {(answer) => <List answer={answer} metrics={metrics} groups={groups} />}
      </QueryContent>
    </Card>
  );
}

const tokenOf = (index: number): string => `var(--series-${index + 1})`;

/** The highest figure of each unit: bars of one unit have one scale. */
function scalesOf(lines: Line[], metrics: MetricInfo[]): Map<Unit, number> {
  const most = new Map<Unit, number>();
  for (const { name, unit } of metrics) {
    const values = lines.map(({ row }) => Math.abs(numberOf(row, name) ?? 0));
    most.set(unit, Math.max(most.get(unit) ?? 0, ...values));
  }
  return most;
}

function List(props: { answer: Answer; metrics: MetricInfo[]; groups: Dimension[] }): ReactNode {
  const { answer, metrics, groups } = props;
  const lines = useMemo(() => linesOf(answer, groups), [answer, groups]);
  const known = ({ row }: Line): boolean =>
    metrics.some(({ name }) => numberOf(row, name) !== null);
  const listed = lines.filter((line) => line.listed && known(line)).slice(0, MOST);
  const rest = lines.find((line) => !line.listed && known(line));
  const scales = useMemo(() => scalesOf(listed, metrics), [listed, metrics]);
  if (listed.length === 0 || [...scales.values()].every((most) => most === 0)) {
    return <EmptyNote>{words.empty}</EmptyNote>;
  }
  return (
    <>
      {metrics.length > 1 && (
        <p className="flex flex-wrap gap-x-3 gap-y-1 px-4 pb-1 text-xs text-ink-2">
          {metrics.map(({ name, label }, index) => (
            <span key={name} className="inline-flex items-center gap-1.5">
              <span
                aria-hidden="true"
                className="size-2.5 rounded-sm"
                style={{ background: tokenOf(index) }}
              />
              {label}
            </span>
          ))}
        </p>
      )}
      <ul className="flex flex-col gap-1 px-4 pt-1 pb-4">
        {[...listed, ...(rest ? [rest] : [])].map((line) => (
          <li
            key={line.key}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 sm:grid-cols-[minmax(0,14rem)_1fr_5.5rem]"
          >
            <span
              style={{ gridRow: `span ${metrics.length}` }}
              className={`truncate max-sm:col-span-full max-sm:row-auto! ${line.listed ? '' : 'text-ink-3'}`}
            >
              <Name cut of={words.group(line.names)} />
            </span>
            {metrics.map((metric, index) => (
              <Bar
                key={metric.name}
                line={line}
                metric={metric}
                color={tokenOf(index)}
                most={scales.get(metric.unit) ?? 0}
                thin={metrics.length > 1}
              >
                <Behind answer={answer} groups={groups} line={line} metric={metric} />
              </Bar>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}

/** One figure of a group: its bar, and the figure itself. */
function Bar(props: {
  line: Line;
  metric: MetricInfo;
  color: string;
  most: number;
  thin: boolean;
  children: ReactNode;
}): ReactNode {
  const { line, metric, most } = props;
  const value = numberOf(line.row, metric.name);
  return (
    <>
      <span aria-hidden="true" className={`max-sm:h-2 ${props.thin ? 'h-2.5' : 'h-4'}`}>
        {/* Next to the sum of the rest, the groups would be too small to compare. */}
        {line.listed && most > 0 && (
          <span
            className="block h-full rounded-sm"
            style={{
              width: `${(100 * Math.abs(value ?? 0)) / most}%`,
              minWidth: value ? 2 : 0,
              background: props.color,
            }}
          />
        )}
      </span>
      <span className="text-right tabular-nums" title={exactFigure(value, metric.unit)}>
        {props.children}
      </span>
    </>
  );
}
