import { useMemo, type ReactNode } from 'react';
import { Button, buttonClass } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { present } from '@/lib/clock';
import { autoGranularity, bucketName } from '@/lib/granularity';
import { costs as words } from '@/words';
import { useExecutionsLink } from '../executionsLink';
import { partsOf } from '../overview/Breakdown';
import { useCardQuery } from '../useCardQuery';
import type { View } from '../view';
import { spentColumns } from './CostBreakdown';
import { dayOf, toggled, type Period } from './search';

const SAID = words.day;
/** How many of each are listed; the rest is summed. */
const LISTED = 8;

/** Who may have spent it, and on what. */
const BY = [
  { dimension: 'user', label: SAID.users },
  { dimension: 'workflow', label: SAID.workflows },
  { dimension: 'model', label: SAID.models },
] as const;

/** The view of a part of its range. */
export function during(view: View, { from, to }: Period): View {
  const bounds = { from, to };
  const granularity = autoGranularity(to - from);
  return { ...view, range: { kind: 'absolute', ...bounds }, bounds, granularity, relative: false };
}

/** Who spent what on a day: the users, the workflows and the models. */
export function Day(props: {
  view: View;
  period: Period;
  /** The days that the forecast ignores, and how to change them. */
  leftOut: string[] | undefined;
  onLeaveOut: (days: string[] | undefined) => void;
  onClose: () => void;
}): ReactNode {
  const { period, leftOut } = props;
  const view = useMemo(() => during(props.view, period), [props.view, period]);
  const link = useExecutionsLink(view);
  const title = SAID.title(bucketName(period.from, period.granularity, view.zone));
  const day = dayOf(period.from, view.zone);
  // A forecast is made from whole days before today.
  const counts = period.granularity === 'day' && day < dayOf(present(), view.zone);
  return (
    <Card
      title={title}
      testId="cost-day"
      className="col-span-full"
      actions={
        <>
          {counts && (
            <Button small onClick={() => props.onLeaveOut(toggled(leftOut, day))}>
              {leftOut?.includes(day) ? SAID.takeIn : SAID.leaveOut}
            </Button>
          )}
          <a {...link()} className={buttonClass('outline', true)}>
            {SAID.executions}
          </a>
          <Button small kind="quiet" onClick={props.onClose}>
            <Icon name="cross" size={14} /> {SAID.close}
          </Button>
        </>
      }
    >
      <div className="grid gap-x-3 lg:grid-cols-3">
        {BY.map((by) => (
          <Spenders key={by.dimension} view={view} {...by} />
        ))}
      </div>
    </Card>
  );
}

function Spenders(props: { view: View } & (typeof BY)[number]): ReactNode {
  const { view, dimension, label } = props;
  const query = useCardQuery(
    view,
    {
      metrics: ['cost'],
      dimensions: [dimension],
      orderBy: [{ metric: 'cost', direction: 'desc' }],
      limit: LISTED,
      other: true,
    },
    true,
    'later',
  );
  return (
    <div data-by={dimension} className="flex min-w-0 flex-col">
      <QueryContent what={label} query={query} skeleton={<TableSkeleton rows={5} />}>
        {(answer) => <Table answer={answer} dimension={dimension} label={label} />}
      </QueryContent>
    </div>
  );
}

function Table(props: { answer: Answer } & (typeof BY)[number]): ReactNode {
  const { answer, dimension, label } = props;
  const parts = useMemo(
    () =>
      partsOf(answer, { dimension, metric: 'cost', missing: SAID.none[dimension] }).map((part) => ({
        ...part,
        cost: part.value,
      })),
    [answer, dimension],
  );
  if (parts.length === 0) return <EmptyNote>{words.nothing}</EmptyNote>;
  return (
    <DataTable
      label={label}
      columns={spentColumns(label, dimension, answer)}
      rows={parts}
      rowKey={(part) => part.key}
    />
  );
}
