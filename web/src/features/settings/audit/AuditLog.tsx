import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { auditExportPath, auditQuery } from '@/api/settings';
import { Button, buttonClass } from '@/components/Button';
import { Card } from '@/components/Card';
import { Icon } from '@/components/Icon';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { useZone } from '../../zone';
import { ProjectChoice, useProjectWith } from '../ProjectChoice';
import { Entries } from './Entries';
import { Filters } from './Filters';
import { filterOf, type AuditSearch } from './search';
import { settings } from '@/words';

const words = settings.auditLog;

const FROM = '/frame/settings/audit';

/** Who changed or read what, when and from where; newest first. */
export function AuditLog(): ReactNode {
  const search = useSearch({ from: FROM });
  const navigate = useNavigate();
  const project = useProjectWith('read_audit');
  const filter = filterOf(project.id, search, useZone());
  const query = useQuery(auditQuery(filter, search.cursor));
  const go = (patch: AuditSearch): void =>
    void navigate({
      to: '/settings/audit',
      search: (previous) => ({ ...previous, cursor: undefined, ...patch }),
    });
  const next = query.data?.nextCursor;
  return (
    <>
      <ProjectChoice permission="read_audit" />
      <Filters key={JSON.stringify(filter)} search={search} onChange={go} />
      <Card
        title={words.entries}
        note={words.newestFirst}
        testId="audit"
        actions={
          <>
            <Kinds kind={search.kind} onChange={go} />
            {(['csv', 'ndjson'] as const).map((format) => (
              <a
                key={format}
                href={auditExportPath(filter, format)}
                download={`weir-audit.${format}`}
                className={buttonClass()}
              >
                <Icon name="down" size={14} /> {format === 'csv' ? words.csv : words.ndjson}
              </a>
            ))}
          </>
        }
      >
        <QueryContent what={words.auditLog} query={query} skeleton={<TableSkeleton rows={12} />}>
          {(data) =>
            data.entries.length === 0 ? (
              <EmptyNote>
                {words.noMatching(search.kind ? words.entries2 : words.changes)}
              </EmptyNote>
            ) : (
              <Entries entries={data.entries} />
            )
          }
        </QueryContent>
        {(search.cursor || next) && (
          <div className="flex justify-between border-t px-4 py-2">
            <Button disabled={!search.cursor} onClick={() => go({})}>
              {words.newest}
            </Button>
            <Button disabled={!next} onClick={() => go({ cursor: next ?? undefined })}>
              {words.older} <Icon name="right" size={12} />
            </Button>
          </div>
        )}
      </Card>
    </>
  );
}

const KINDS = [
  { kind: undefined, label: words.changes2 },
  { kind: 'access', label: words.access },
  { kind: 'all', label: words.all },
] as const;

/** Whether the log shows who changed something, who read something, or both. */
function Kinds(props: {
  kind: AuditSearch['kind'];
  onChange: (patch: AuditSearch) => void;
}): ReactNode {
  return (
    <div role="group" aria-label={words.kind} className="flex gap-1">
      {KINDS.map(({ kind, label }) => (
        <Button
          key={label}
          kind="quiet"
          aria-pressed={props.kind === kind}
          onClick={() => props.onChange({ kind })}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}
