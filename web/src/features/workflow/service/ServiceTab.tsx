import { useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { ServiceLevel, ServiceSeries } from '@/api/workflow';
import { Button } from '@/components/Button';
import { Picker } from '@/components/Picker';
import { QueryContent } from '@/components/QueryContent';
import { workflow as words } from '@/words';
import { usePermission } from '../../session';
import { useWorkflow } from '../context';
import { useRead, useSetTab } from '../read';
import { WINDOWS, type ServiceSearch } from '../search';
import { Tiles, TilesSkeleton } from '../Tiles';
import { BudgetCharts } from './BudgetCharts';
import { BurnRates } from './BurnRates';
import { History } from './History';
import { SetTarget } from './SetTarget';
import { state, tilesOf } from './summary';

const SAID = words.service;
/** The length of buckets in each window. */
const BUCKETS = { '1d': '1h', '7d': '1h', '28d': '1d', '30d': '1d' } as const;

/** Whether a workflow keeps its service level, how much of its error budget is left, and how fast that is spent. */
export function ServiceTab(): ReactNode {
  const { id, view } = useWorkflow();
  const { window } = useSearch({ from: '/frame/board/workflows/$id/service-level' });
  const setTab = useSetTab<ServiceSearch>();
  const allowed = usePermission(view.project, 'manage_settings');
  const [editing, setEditing] = useState(false);
  const report = useRead<ServiceLevel>(
    view,
    '/api/workflow-analytics/sli',
    { workflowId: id, window },
    { ranged: false },
  );
  const shown = window ?? WINDOWS.find((entry) => entry === report.data?.config.window);
  const series = useRead<ServiceSeries>(
    view,
    '/api/workflow-analytics/timeseries',
    { workflowId: id, window: shown, bucket: shown && BUCKETS[shown] },
    { ranged: false, enabled: shown !== undefined },
  );
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Picker
          label={SAID.window}
          icon="calendar"
          text={shown ? SAID.windows[shown] : SAID.window}
          selected={shown ?? ''}
          options={WINDOWS.map((value) => ({ value, label: SAID.windows[value] }))}
          onPick={(value) => setTab({ window: value as ServiceSearch['window'] })}
          testId="service-window"
        />
        <span className="text-xs text-ink-3">{SAID.ownWindow}</span>
        {allowed && report.data && (
          <Button className="ml-auto" onClick={() => setEditing(true)}>
            {SAID.change}
          </Button>
        )}
      </div>
      <QueryContent what={SAID.title} query={report} skeleton={<TilesSkeleton count={5} />}>
        {(data) => (
          <div className="flex flex-col gap-3">
            <p data-testid="service-state" className="min-h-6 text-base leading-6 text-pretty">
              {state(data)}
            </p>
            <Tiles label={SAID.title} tiles={tilesOf(data)} />
          </div>
        )}
      </QueryContent>
      <div className="grid grid-cols-12 gap-3">
        <BudgetCharts report={report.data} query={series} />
        <BurnRates query={report} />
        <History query={report} />
      </div>
      {report.data && (
        <SetTarget
          projectId={view.project.id}
          workflow={id}
          config={report.data.config}
          open={editing}
          onClose={() => setEditing(false)}
        />
      )}
    </>
  );
}
