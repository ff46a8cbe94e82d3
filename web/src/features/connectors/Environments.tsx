import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ENVIRONMENTS, type Environment, type EnvironmentHealth } from '@/api/environments';
import { Card } from '@/components/Card';
import { Icon, type IconName } from '@/components/Icon';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, Skeleton } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { exactFigure, figure, isolated, percent } from '@/lib/format';
import { frameOf, type PageSearch } from '@/lib/search';
import { components, connectors } from '@/words';
import { ERROR_STATUSES, useCounted, type Counted, type ExecutionFilters } from '../executionsLink';
import { FigureLink } from '../FigureLink';
import { RelativeTime } from '../Time';
import type { View } from '../view';
import { useRead } from '../read';

const words = connectors.environments;

const LOOKS: Record<Environment['status'], { icon: IconName; tone: string }> = {
  healthy: { icon: 'check', tone: 'text-good' },
  degraded: { icon: 'warning', tone: 'text-warn' },
  unhealthy: { icon: 'cross', tone: 'text-bad' },
  not_enough_data: { icon: 'help', tone: 'text-ink-3' },
  idle: { icon: 'pause', tone: 'text-ink-3' },
};

const GRID = 'grid gap-3 px-4 pt-1 pb-4 sm:grid-cols-2 xl:grid-cols-3';

/** The health of every environment, whichever of them the page shows. The API takes one workflow. */
export function Environments({ view }: { view: View }): ReactNode {
  const workflowId = view.workflows.length === 1 ? view.workflows[0] : undefined;
  const query = useRead<EnvironmentHealth>({ ...view, env: undefined }, ENVIRONMENTS, {
    workflowId,
  });
  return (
    <Card title={words.title} note={words.note} testId="environments">
      <QueryContent what={words.title} query={query} skeleton={<CardsSkeleton />}>
        {(health) =>
          health.environments.length === 0 ? (
            <EmptyNote>{words.nothing}</EmptyNote>
          ) : (
            <Cards health={health} />
          )
        }
      </QueryContent>
    </Card>
  );
}

function Cards({ health }: { health: EnvironmentHealth & Asked }): ReactNode {
  const counted = useCounted(health);
  return (
    <ul className={GRID}>
      {health.environments.map((environment) => (
        <HealthCard
          key={environment.environment ?? ''}
          of={environment}
          counted={{ ...counted, env: environment.environment ?? undefined }}
        />
      ))}
    </ul>
  );
}

function HealthCard({ of, counted }: { of: Environment; counted: Counted }): ReactNode {
  const { icon, tone } = LOOKS[of.status];
  const name = of.environment ?? words.none;
  const bounds = of.success_rate_bounds;
  return (
    <li
      data-environment={of.environment ?? ''}
      data-status={of.status}
      className="flex min-w-0 flex-col gap-2 rounded-md border p-3"
    >
      <div className="flex items-baseline gap-2">
        <h3 className="min-w-0 flex-1 truncate font-medium">
          {of.environment ? <EnvironmentLink name={of.environment} /> : words.none}
        </h3>
        <span className={`inline-flex items-center gap-1 text-xs whitespace-nowrap ${tone}`}>
          <Icon name={icon} size={13} /> {words.health[of.status]}
        </span>
      </div>
      <dl className="grid grid-cols-3 gap-x-3 gap-y-2">
        <Figure
          label={words.success}
          value={figure(of.success_rate, 'percent')}
          exact={
            bounds
              ? words.bounds(percent(bounds.lower), percent(bounds.upper))
              : exactFigure(of.success_rate, 'percent')
          }
        />
        <Count {...{ of, counted, name }} label={words.executions} value={of.total_executions} />
        <Count
          {...{ of, counted, name }}
          label={words.failed}
          value={of.failure_count}
          filters={{ status: ERROR_STATUSES }}
        />
        <Figure
          label={words.p95}
          value={figure(of.p95_duration_ms, 'milliseconds')}
          exact={exactFigure(of.p95_duration_ms, 'milliseconds')}
        />
        <Figure
          label={words.workflows}
          value={figure(of.active_workflows, 'count')}
          exact={exactFigure(of.active_workflows, 'count')}
        />
        <Count
          {...{ of, counted, name }}
          label={words.running}
          value={of.running_count}
          filters={{ status: 'started' }}
        />
      </dl>
      <p className="text-xs text-ink-3">
        {of.last_execution_at && words.lastExecution(<RelativeTime at={of.last_execution_at} />)}
        {of.last_failure_at && (
          <> · {words.lastFailure(<RelativeTime at={of.last_failure_at} />)}</>
        )}
      </p>
    </li>
  );
}

/** Limits the page to an environment. */
function EnvironmentLink({ name }: { name: string }): ReactNode {
  return (
    <Link
      to="."
      search={(previous: PageSearch) => ({ ...frameOf(previous), env: name })}
      className="hover:underline"
    >
      <Name of={name} />
    </Link>
  );
}

function Figure(props: { label: string; value: ReactNode; exact: string }): ReactNode {
  return (
    <div className="min-w-0">
      <dt className="truncate text-2xs text-ink-3">{props.label}</dt>
      <dd title={props.exact} className="font-semibold">
        {props.value}
      </dd>
    </div>
  );
}

/** A number of executions that leads to them; executions that name no environment cannot be listed alone. */
function Count(props: {
  of: Environment;
  counted: Counted;
  name: string;
  label: string;
  value: number;
  filters?: ExecutionFilters;
}): ReactNode {
  const { label, value, counted } = props;
  const shown = figure(value, 'count');
  return (
    <Figure
      label={label}
      exact={exactFigure(value, 'count')}
      value={
        props.of.environment ? (
          <FigureLink
            view={counted}
            filters={props.filters}
            label={words.show(`${label} (${shown})`, isolated(props.name))}
          >
            {shown}
          </FigureLink>
        ) : (
          shown
        )
      }
    />
  );
}

function CardsSkeleton(): ReactNode {
  return (
    <div role="status" aria-label={components.loading} className={GRID}>
      {[0, 1, 2].map((card) => (
        <Skeleton key={card} className="h-36" />
      ))}
    </div>
  );
}
