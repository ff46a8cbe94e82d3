import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { PAGE_ROWS } from '@/api/activity';
import { readMembers, segmentsKey, type Segment, type SegmentMembers } from '@/api/segments';
import { Button, buttonClass } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { frameOf } from '@/lib/search';
import { segments } from '@/words';
import { WorkflowLink } from '../../WorkflowLink';
import { More } from '../More';
import { UserLink } from '../UserLink';
import type { Subject } from './definition';

const words = segments.members;

type Member = SegmentMembers['members'][number];

const columnOf = (of: Subject): Column<Member> => ({
  id: 'member',
  header: of === 'users' ? words.user : words.workflow,
  cell: ({ id, name }) =>
    of === 'users' ? <UserLink id={id} /> : <WorkflowLink row id={id} name={name ?? id} />,
});

/** Who belongs to a segment now, each with a link to their page. */
export function Members(props: {
  projectId: string;
  segment: Segment;
  onClose: () => void;
}): ReactNode {
  const { projectId, segment } = props;
  const { of = 'users' } = segment.definition;
  const query = useInfiniteQuery({
    queryKey: [...segmentsKey(projectId), 'members', segment.id, segment.version],
    queryFn: ({ pageParam, signal }) =>
      readMembers(projectId, segment.id, PAGE_ROWS, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: 60_000,
  });
  const members = useMemo(
    () => query.data?.pages.flatMap((page) => page.members) ?? [],
    [query.data],
  );
  const newest = query.data?.pages.at(-1);
  const columns = useMemo(() => [columnOf(of)], [of]);
  const pages = {
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    reading: query.isFetchingNextPage,
  };
  return (
    <Card
      title={words.title(segment.name)}
      note={newest && words.note(newest.size, newest.of, of)}
      testId="segment-members"
      actions={
        <>
          {of === 'users' && (
            <Link
              to="/activity/retention"
              search={(previous) => ({ ...frameOf(previous), segment: segment.id })}
              className={buttonClass('outline', true)}
            >
              {words.retention}
            </Link>
          )}
          <Button small kind="quiet" onClick={props.onClose}>
            <Icon name="cross" size={14} /> {words.close}
          </Button>
        </>
      }
    >
      <QueryContent
        what={words.title(segment.name)}
        query={query}
        skeleton={<TableSkeleton rows={6} />}
      >
        {() =>
          members.length === 0 ? (
            <EmptyNote>{words.nobody}</EmptyNote>
          ) : (
            <>
              <DataTable
                label={words.title(segment.name)}
                columns={columns}
                rows={members}
                rowKey={({ id }) => id}
              />
              <More pages={pages} shown={members.length} of={newest?.size} />
            </>
          )
        }
      </QueryContent>
    </Card>
  );
}
