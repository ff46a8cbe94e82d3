import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { DataTable, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { EmptyNote } from '@/components/states';
import { FEWEST } from '@/lib/chance';
import { counted, duration, exact, multiple } from '@/lib/format';
import { frameOf } from '@/lib/search';
import { nouns, overview as words } from '@/words';
import { times } from '../changes/said';
import { WorkflowLink } from '../WorkflowLink';
import type { Slowed, Slower } from './slower';

const ROWS = 8;
const STEPS: string = '/workflows/$id/steps';

interface Props {
  label: string;
  found: Slowed;
  subject: 'workflow' | 'step';
  /** Workflows that mostly wait. */
  waiting?: Set<string>;
}

const COLUMNS: Column<Slower>[] = [
  {
    id: 'before',
    header: words.columns.before,
    numeric: true,
    wideOnly: true,
    cell: (row) => duration(row.before),
  },
  {
    id: 'now',
    header: words.columns.now,
    numeric: true,
    cell: (row) => duration(row.now),
    exact: ({ extra }) =>
      words.extra(duration(extra.value), duration(extra.lower), duration(extra.upper)),
  },
  {
    id: 'ratio',
    header: words.columns.ratio,
    numeric: true,
    cell: (row) => <span className="text-bad">{times(row.ratio) ?? multiple(row.ratio, 2)}</span>,
  },
  {
    id: 'added',
    header: words.columns.added,
    numeric: true,
    cell: (row) => duration(row.added),
    exact: (row) => words.addedBy(duration(row.added), counted(row.runs, nouns.run)),
  },
];

/** What takes longer than before, most time added first, and what is said of the rest. */
export function SlowerTable(props: Props): ReactNode {
  const { found, subject, waiting } = props;
  const columns = useMemo(
    () => [...(subject === 'step' ? stepNames : workflowNames(waiting)), ...COLUMNS],
    [subject, waiting],
  );
  if (found.compared === 0) return <EmptyNote>{words.fewRuns(FEWEST)}</EmptyNote>;
  if (found.slower.length === 0) {
    return <EmptyNote>{words.noneSlower(counted(found.compared, nouns[subject]))}</EmptyNote>;
  }
  return (
    <>
      <DataTable
        label={props.label}
        columns={columns}
        rows={found.slower}
        rowKey={(row) => row.key}
        limit={ROWS}
      />
      <Rest found={found} />
    </>
  );
}

/** What the table does not list: slower ones, those that are not, and those that could not be compared. */
function Rest({ found }: { found: Slowed }): ReactNode {
  const others = found.slower.slice(ROWS);
  const added = others.reduce((sum, row) => sum + row.added, 0);
  const [same, unknown] = [found.compared - found.slower.length, found.all - found.compared];
  return (
    <p className="mt-auto border-t px-4 py-2 text-xs text-ink-3">
      {others.length > 0 && `${words.otherSlower(exact(others.length), duration(added))} `}
      {same > 0 && `${words.notSlower(exact(same))} `}
      {unknown > 0 && words.notCompared(exact(unknown))}
    </p>
  );
}

function workflowNames(waiting: Set<string> | undefined): Column<Slower>[] {
  return [
    {
      id: 'name',
      header: words.columns.workflow,
      className: 'max-w-56 truncate',
      tells: true,
      cell: (row) => (
        <>
          <WorkflowLink row id={row.id} name={row.name} />
          {waiting?.has(row.id) && (
            <span className="ml-2 text-xs text-ink-3" title={words.mostlyWaitingHint}>
              {words.mostlyWaiting}
            </span>
          )}
        </>
      ),
    },
  ];
}

const stepNames: Column<Slower>[] = [
  {
    id: 'name',
    header: words.columns.step,
    className: 'max-w-48 truncate',
    tells: true,
    cell: (row) => (
      <Link
        to={STEPS}
        params={{ id: row.workflow }}
        search={(previous) => ({
          ...frameOf(previous),
          workflow: undefined,
          step: row.id || undefined,
        })}
        title={row.name || row.id || words.unnamedStep}
        className="after:absolute after:inset-0 hover:underline"
      >
        <Name of={row.name || row.id || words.unnamedStep} />
      </Link>
    ),
  },
  {
    id: 'workflow',
    header: words.columns.workflow,
    wideOnly: true,
    className: 'max-w-44 truncate text-ink-2',
    cell: (row) => <Name of={row.workflowName} />,
    exact: (row) => row.workflowName,
  },
];
