import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { readMembers, segmentsKey, type Segment } from '@/api/segments';
import { Button } from '@/components/Button';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { Skeleton } from '@/components/states';
import { exact, figure, NO_VALUE } from '@/lib/format';
import type { PageSearch } from '@/lib/search';
import { segments as words } from '@/words';
import type { Catalogue } from '../../explore/catalogue';
import { RelativeTime } from '../../Time';
import { useZone } from '../../zone';
import { conditionText } from './definition';

/** What happens to a segment. */
export interface Edited {
  how: 'change' | 'delete';
  segment: Segment;
}

/** How many members a segment has now. Each is a question of its own. */
function useSize(projectId: string, { id, version }: Segment) {
  return useQuery({
    queryKey: [...segmentsKey(projectId), 'size', id, version],
    staleTime: 60_000,
    queryFn: ({ signal }) => readMembers(projectId, id, 1, undefined, signal),
  });
}

function Size(props: { projectId: string; segment: Segment; share?: boolean }): ReactNode {
  const { data, isError } = useSize(props.projectId, props.segment);
  if (isError) return <span className="text-ink-3">{words.unknown}</span>;
  if (!data) return <Skeleton className="ml-auto h-3 w-10" />;
  return props.share ? figure(data.sharePct, 'percent') : exact(data.size);
}

function Bar(props: { projectId: string; segment: Segment }): ReactNode {
  const { data } = useSize(props.projectId, props.segment);
  return <InlineBar share={(data?.sharePct ?? 0) / 100} />;
}

/** A segment's name as a link to its members, and below it what defines them. */
function Defined(props: {
  segment: Segment;
  catalogue: Catalogue | undefined;
  zone: string;
}): ReactNode {
  const { name, id, definition } = props.segment;
  const { of = 'users', match = 'all', conditions = [], timezone } = definition;
  return (
    <>
      <Link
        to="."
        search={(previous: PageSearch) => ({ ...previous, segment: id })}
        resetScroll={false}
        aria-label={words.show(name)}
        className="font-medium hover:underline"
      >
        <Name of={name} />
      </Link>
      <span className="block text-xs text-ink-2">
        {conditions.length === 0 ? words.everyone[of] : words.who[of][match]}
      </span>
      {props.catalogue && (
        <ul className="text-xs text-ink-2">
          {conditions.map((condition, index) => (
            <li key={index} className="wrap-anywhere">
              · {conditionText(condition, props.catalogue as Catalogue, timezone ?? props.zone)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function editColumn(edit: (edited: Edited) => void): Column<Segment> {
  return {
    id: 'edit',
    header: '',
    className: 'w-px whitespace-nowrap',
    cell: (segment) => (
      <span className="flex justify-end">
        <Button
          kind="quiet"
          small
          aria-label={words.change(segment.name)}
          title={words.editor.changeTitle}
          onClick={() => edit({ how: 'change', segment })}
        >
          <Icon name="pencil" size={14} />
        </Button>
        <Button
          kind="quiet"
          small
          aria-label={words.remove(segment.name)}
          title={words.removeAction}
          onClick={() => edit({ how: 'delete', segment })}
        >
          <Icon name="cross" size={14} />
        </Button>
      </span>
    ),
  };
}

/** The segments of a project with how many members each has now. */
export function SegmentTable(props: {
  projectId: string;
  segments: Segment[];
  catalogue: Catalogue | undefined;
  /** Changes and deletes, for those who may. */
  edit?: (edited: Edited) => void;
}): ReactNode {
  const { projectId, catalogue, edit } = props;
  const zone = useZone();
  const columns = useMemo(
    (): Column<Segment>[] => [
      {
        id: 'name',
        header: words.columns.name,
        className: 'py-2',
        cell: (segment) => <Defined segment={segment} catalogue={catalogue} zone={zone} />,
      },
      {
        id: 'members',
        header: words.columns.members,
        numeric: true,
        cell: (segment) => <Size projectId={projectId} segment={segment} />,
      },
      {
        id: 'share',
        header: words.columns.share,
        numeric: true,
        wideOnly: true,
        cell: (segment) => <Size share projectId={projectId} segment={segment} />,
      },
      {
        id: 'bar',
        header: '',
        wideOnly: true,
        className: 'w-[14%]',
        cell: (segment) => <Bar projectId={projectId} segment={segment} />,
      },
      {
        id: 'changed',
        header: words.columns.changed,
        numeric: true,
        wideOnly: true,
        tells: true,
        cell: ({ updatedAt }) => (updatedAt ? <RelativeTime at={updatedAt} /> : NO_VALUE),
      },
      ...(edit ? [editColumn(edit)] : []),
    ],
    [projectId, catalogue, zone, edit],
  );
  return (
    <DataTable
      label={words.title}
      columns={columns}
      rows={props.segments}
      rowKey={({ id }) => id}
    />
  );
}
