import { useSearch } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import type { StepFigures, WorkflowSteps } from '@/api/workflow';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, parseSort, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { Tag } from '@/components/Tag';
import { NO_VALUE, percent } from '@/lib/format';
import { workflow as words } from '@/words';
import { figureColumn } from '../figureColumn';
import { percentileColumn } from '../percentile';
import { usePageSearch, useSetSearch } from '../view';
import { useWorkflow } from './context';
import { useRead, useSetTab } from '../read';
import type { StepsSearch } from './search';
import { StepOverTime } from './StepOverTime';

const SAID = words.steps;
const USUAL = { by: 'share', direction: 'desc' } as const;

/** A step with everything that the table sorts by. */
interface Row {
  id: string;
  name: string;
  type: string | null;
  runs: number;
  /** How many of them were not skipped. */
  timed: number;
  success: number | null;
  retries: number;
  p50: number | null;
  p95: number | null;
  share: number | null;
  /** How much of its time it waits for a person or for a time, in percent. */
  waiting: number | null;
  bottleneck: boolean;
  critical: boolean;
}

function rowOf(step: StepFigures): Row {
  const id = step.stepId ?? '';
  return {
    id,
    name: step.stepName ?? (id || SAID.unnamed),
    type: step.stepType ?? null,
    runs: step.executions,
    timed: step.executions - step.skipped,
    success: step.successRate ?? null,
    retries: step.retries,
    p50: step.p50Duration ?? null,
    p95: step.p95Duration ?? null,
    share: step.shareOfTime ?? null,
    waiting: step.totalDuration > 0 ? (100 * step.totalWaiting) / step.totalDuration : null,
    bottleneck: step.isBottleneck,
    critical: step.isCritical,
  };
}

/** The steps of a workflow: where its time goes, how reliable each is, and how each has developed. */
export function StepsTab(): ReactNode {
  const { id, view } = useWorkflow();
  const { step: wanted } = useSearch({ from: '/frame/board/workflows/$id/steps' });
  const path = `/api/v1/analytics/workflows/${encodeURIComponent(id)}/steps`;
  const query = useRead<WorkflowSteps>(view, path, {});
  const rows = useMemo(() => query.data?.steps.map(rowOf), [query.data]);
  // Of a sent link that names a step which did not run in this range, the name stays.
  const drawn = wanted ?? rows?.find((row) => row.bottleneck)?.id ?? rows?.[0]?.id;
  const name = rows?.find((row) => row.id === drawn)?.name ?? drawn ?? '';
  return (
    <div className="grid grid-cols-12 gap-3">
      <Card title={SAID.title} note={SAID.note} testId="workflow-steps" className="col-span-full">
        <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={8} />}>
          {() =>
            rows?.length ? <Table rows={rows} drawn={drawn} /> : <EmptyNote>{SAID.none}</EmptyNote>
          }
        </QueryContent>
      </Card>
      {drawn !== undefined && <StepOverTime key={drawn} view={view} step={drawn} name={name} />}
    </div>
  );
}

function columnsOf(drawn: string | undefined, draw: (step: string) => void): Column<Row>[] {
  return [
    {
      id: 'name',
      header: SAID.step,
      className: 'max-w-72 min-w-40',
      sortBy: (row) => row.name,
      cell: (row) => (
        <span className="flex min-w-0 flex-wrap items-center gap-x-2">
          <button
            type="button"
            aria-pressed={row.id === drawn}
            title={SAID.draw}
            onClick={() => draw(row.id)}
            className="max-w-full min-w-0 truncate text-left after:absolute after:inset-0 hover:underline aria-pressed:font-medium aria-pressed:text-accent"
          >
            <Name of={row.name} />
          </button>
          {row.bottleneck && <Tag tone="warn">{SAID.bottleneck}</Tag>}
        </span>
      ),
    },
    {
      id: 'type',
      header: SAID.type,
      wideOnly: true,
      className: 'max-w-40 text-ink-2',
      sortBy: (row) => row.type,
      cell: (row) => (row.type ? <Name cut of={row.type} /> : NO_VALUE),
      tells: true,
    },
    figureColumn('runs', SAID.runs, 'count'),
    figureColumn('success', SAID.success, 'percent', true),
    figureColumn('retries', SAID.retries, 'count', true),
    percentileColumn('p50', 'p50', ({ timed }) => timed, true),
    percentileColumn('p95', 'p95', ({ timed }) => timed),
    {
      id: 'share',
      header: SAID.share,
      numeric: true,
      sortBy: (row) => row.share,
      cell: (row) => (row.share === null ? NO_VALUE : percent(row.share)),
      exact: (row) => (row.critical ? SAID.critical : SAID.notCritical),
    },
    {
      id: 'waiting',
      header: SAID.waiting,
      numeric: true,
      wideOnly: true,
      sortBy: (row) => row.waiting,
      cell: (row) => (row.waiting === null ? NO_VALUE : percent(row.waiting)),
    },
    {
      id: 'bar',
      header: '',
      className: 'w-1/6',
      wideOnly: true,
      cell: (row) => (
        <InlineBar
          share={(row.share ?? 0) / 100}
          color={row.critical ? 'var(--series-1)' : 'var(--line-strong)'}
        />
      ),
    },
  ];
}

function Table({ rows, drawn }: { rows: Row[]; drawn: string | undefined }): ReactNode {
  const { sort } = usePageSearch();
  const setSearch = useSetSearch();
  const setTab = useSetTab<StepsSearch>();
  return (
    <DataTable
      label={SAID.title}
      columns={columnsOf(drawn, (step) => setTab({ step }))}
      rows={rows}
      rowKey={(row) => `${row.id} ${row.type ?? ''}`}
      sort={parseSort(sort, USUAL)}
      onSort={(next) => setSearch({ sort: `${next.by}.${next.direction}` }, { replace: true })}
    />
  );
}
