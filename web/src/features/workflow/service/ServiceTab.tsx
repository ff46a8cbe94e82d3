import { useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { workflow as words } from '@/words';
import { usePermission } from '../../session';
import { useWorkflow } from '../context';
import { useSetTab } from '../../read';
import type { ServiceSearch } from '../search';
import { useService } from './read';
import { ServiceCards, ServiceHead } from './ServiceCards';
import { SetTarget } from './SetTarget';
import { tilesOf } from './summary';
import { WindowPicker } from './WindowPicker';

const SAID = words.service;

/** Whether a workflow keeps its service level, how much of its error budget is left, and how fast that is spent. */
export function ServiceTab(): ReactNode {
  const { view } = useWorkflow();
  const { window } = useSearch({ from: '/frame/board/workflows/$id/service-level' });
  const setTab = useSetTab<ServiceSearch>();
  const allowed = usePermission(view.project, 'manage_settings');
  const [editing, setEditing] = useState(false);
  const service = useService(view, window);
  const { data } = service.report;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <WindowPicker shown={service.shown} onPick={(picked) => setTab({ window: picked })} />
        <span className="text-xs text-ink-3">{SAID.ownWindow}</span>
        {allowed && data && (
          <Button className="ml-auto" onClick={() => setEditing(true)}>
            {SAID.change}
          </Button>
        )}
      </div>
      <ServiceHead view={view} query={service.report} tilesOf={tilesOf} />
      <div className="grid grid-cols-12 gap-3">
        <ServiceCards view={view} service={service} />
      </div>
      {data && (
        <SetTarget
          view={view}
          config={data.config}
          open={editing}
          onClose={() => setEditing(false)}
        />
      )}
    </>
  );
}
