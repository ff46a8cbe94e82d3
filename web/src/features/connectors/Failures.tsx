import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import type { Change } from '@/api/changes';
import type { ErrorGroups } from '@/api/errors';
import { Card } from '@/components/Card';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { DataTable, type Column } from '@/components/DataTable';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { compact, exact } from '@/lib/format';
import { frameOf } from '@/lib/search';
import { interval } from '@/lib/zone';
import { connectors } from '@/words';
import { sentenceOf, textOf } from '../changes/said';
import { classLabel } from '../errors/ClassTag';
import { useCounted, type Counted } from '../executionsLink';
import { FigureLink } from '../FigureLink';
import { textOf as textOfRow } from '../rows';
import { useCardQuery } from '../useCardQuery';
import type { View } from '../view';
import { useRead } from '../read';
import { outagesOf } from './incidents';
import type { ErrorLine } from './joined';
import { linesOf, type Line } from './lines';
import { failuresOf } from './queries';

const words = connectors.errors;
/** The errors of a connector: those of one outage stand together as one. */
export function Failures(props: {
  view: View;
  connector: string;
  changes: Change[] | undefined;
}): ReactNode {
  const { view, connector } = props;
  const query = useCardQuery(view, failuresOf(view, connector), true, 'later');
  const titles = useTitles(view, query.data);
  return (
    <Card title={words.title} note={words.note} testId="connector-errors">
      <QueryContent what={words.title} query={query} skeleton={<TableSkeleton rows={5} />}>
        {(answer) => <Lines {...{ answer, connector, titles }} changes={props.changes} />}
      </QueryContent>
    </Card>
  );
}

type Titles = ReadonlyMap<string, string>;
/** How many error groups are looked through for their titles: all that the API gives. */
const MOST_GROUPS = 500;

/** The titles of the error groups in an answer, as far as they are known. The API takes one workflow. */
function useTitles(view: View, answer: Answer | undefined): Titles {
  const any = answer?.rows.some((row) => textOfRow(row, 'error_group') !== null) ?? false;
  const workflowId = view.workflows.length === 1 ? view.workflows[0] : undefined;
  const { data } = useRead<ErrorGroups>(
    view,
    '/api/v1/errors/groups',
    { workflowId, limit: MOST_GROUPS },
    { enabled: any },
  );
  return useMemo(
    () => new Map((data?.errors ?? []).map(({ errorGroup, title }) => [errorGroup ?? '', title])),
    [data],
  );
}

function Lines(props: {
  answer: Answer;
  connector: string;
  titles: Titles;
  changes: Change[] | undefined;
}): ReactNode {
  const { answer, connector, titles, changes } = props;
  const counted = useCounted(answer);
  const lines = useMemo(() => {
    const { bounds } = answer.frame;
    return linesOf(answer, outagesOf(changes ?? [], connector, 'failures', bounds));
  }, [answer, connector, changes]);
  if (lines.length === 0) return <EmptyNote>{words.nothing}</EmptyNote>;
  const columns: Column<Line>[] = [
    {
      id: 'error',
      header: words.error,
      cell: (line) => <What line={line} titles={titles} zone={answer.frame.zone} />,
    },
    {
      id: 'class',
      header: words.class,
      wideOnly: true,
      className: 'whitespace-nowrap text-ink-2',
      cell: (line) => line.kind === 'error' && classLabel(line.of.errorClass),
    },
    {
      id: 'failed',
      header: words.count,
      numeric: true,
      exact: (line) => exact(line.failed),
      cell: (line) => <Failed {...{ line, titles, counted, connector }} />,
    },
  ];
  return (
    <DataTable label={words.title} columns={columns} rows={lines} rowKey={(line) => line.key} />
  );
}

/** What an error is called: the title of its group, or its type. */
const nameOfError = ({ group, errorType }: ErrorLine, titles: Titles): string =>
  titles.get(group ?? '') ?? errorType ?? words.noType;

function What(props: { line: Line; titles: Titles; zone: string }): ReactNode {
  const { line, zone } = props;
  if (line.kind === 'more') {
    const said = line.groups === null ? words.left : words.others(line.groups);
    return <span className={`text-ink-3 ${line.within ? 'pl-5' : ''}`}>{said}</span>;
  }
  if (line.kind === 'outage') {
    const { outage, errors } = line.of;
    return (
      <span className="block py-1">
        <strong className="font-semibold">{textOf(sentenceOf(outage.change))}</strong>
        <span className="block text-xs text-ink-3">
          {interval(outage.from, outage.until, zone)} · {words.outage(errors.length)}
        </span>
      </span>
    );
  }
  const { group } = line.of;
  const name = <Name of={nameOfError(line.of, props.titles)} />;
  return (
    <span className={line.within ? 'block pl-5' : ''}>
      {group === null ? (
        name
      ) : (
        <Link
          to="/errors/$group"
          params={{ group }}
          search={(previous) => frameOf(previous)}
          className="hover:underline"
        >
          {name}
        </Link>
      )}
    </span>
  );
}

/** The number of failures; of an error group, with the way to the executions that failed with it. */
function Failed(props: {
  line: Line;
  titles: Titles;
  counted: Counted;
  connector: string;
}): ReactNode {
  const { line, counted } = props;
  const shown = compact(line.failed);
  if (line.kind !== 'error' || line.of.group === null) return shown;
  const { within, of } = line;
  const during = within ? { from: within.outage.from, to: within.outage.until } : undefined;
  return (
    <FigureLink
      view={counted}
      filters={{ error: of.group ?? undefined, failedStepType: props.connector, during }}
      label={words.showExecutions(shown, nameOfError(of, props.titles))}
    >
      {shown}
    </FigureLink>
  );
}
