import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Versions } from '@/api/workflow';
import { Card } from '@/components/Card';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { counted } from '@/lib/format';
import { nouns, workflow as words } from '@/words';
import { useWorkflow } from '../context';
import { useRead, useSetTab } from '../../read';
import type { VersionsSearch } from '../search';
import { Change } from './Change';
import { mostTelling } from './findings';
import { SideBySide } from './SideBySide';

const SAID = words.versions;

/** The versions of a workflow side by side, what one of them changed, and the step behind it. */
export function VersionsTab(): ReactNode {
  const { id, view } = useWorkflow();
  const path = `/api/v1/analytics/workflows/${encodeURIComponent(id)}/versions`;
  const query = useRead<Versions>(view, path, {});
  const { change } = useSearch({ from: '/frame/board/workflows/$id/versions' });
  const setTab = useSetTab<VersionsSearch>();
  const versions = query.data?.versions ?? [];
  const chosen =
    versions.find((version) => version.change && version.version === change) ??
    mostTelling(versions);
  return (
    <div className="grid grid-cols-12 gap-3">
      <Card title={SAID.title} note={SAID.note} testId="version-list" className="col-span-full">
        <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={4} />}>
          {(data) =>
            data.versions.length === 0 ? (
              <EmptyNote>{SAID.none}</EmptyNote>
            ) : (
              <>
                <SideBySide
                  versions={data.versions}
                  zone={data.frame.zone}
                  chosen={chosen?.version}
                  onChoose={(version) => setTab({ change: version })}
                />
                <Remarks data={data} />
              </>
            )
          }
        </QueryContent>
      </Card>
      {chosen && <Change version={chosen} />}
    </div>
  );
}

function Remarks({ data }: { data: Versions }): ReactNode {
  const remarks = [
    data.versions.length === 1 && data.omitted === 0 && SAID.one,
    data.omitted > 0 && SAID.omitted(data.omitted),
    data.withoutVersion > 0 && SAID.without(counted(data.withoutVersion, nouns.execution)),
    data.versions.length > 1 && SAID.enough(data.enough),
  ].filter(Boolean);
  return (
    remarks.length > 0 && (
      <p className="border-t px-4 py-2 text-xs text-ink-3">{remarks.join(' ')}</p>
    )
  );
}
