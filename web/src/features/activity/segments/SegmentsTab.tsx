import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { segmentsQuery, type Segment } from '@/api/segments';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { segments as words } from '@/words';
import { useCatalogue } from '../../explore/catalogue';
import { usePermission } from '../../session';
import { useView } from '../../view';
import { useSetTab } from '../../read';
import type { SegmentsSearch } from '../search';
import { Members } from './Members';
import { DeleteSegment, SegmentDialog } from './SegmentDialog';
import { SegmentTable, type Edited } from './SegmentTable';

/** Groups of users or workflows: how many belong to each, who they are, and what defines them. */
export function SegmentsTab(): ReactNode {
  const { project, ...view } = useView();
  const search = useSearch({ from: '/frame/board/activity/segments' });
  const setTab = useSetTab<SegmentsSearch>();
  const query = useQuery(segmentsQuery(project.id));
  const catalogue = useCatalogue({ ...view, project }).data;
  const allowed = usePermission(project, 'manage_segments');
  const [edited, setEdited] = useState<Edited | { how: 'add'; segment: null } | null>(null);
  const close = (): void => setEdited(null);
  const shown = query.data?.segments.find(({ id }) => id === search.segment);
  return (
    <>
      <Card
        title={words.title}
        note={words.note}
        testId="segments"
        actions={
          allowed && (
            <Button disabled={!catalogue} onClick={() => setEdited({ how: 'add', segment: null })}>
              {words.add}
            </Button>
          )
        }
      >
        <QueryContent what={words.title} query={query} skeleton={<TableSkeleton rows={4} />}>
          {(data) =>
            data.segments.length === 0 ? (
              <EmptyNote>
                {words.nothing} {!allowed && words.ask}
              </EmptyNote>
            ) : (
              <SegmentTable
                projectId={project.id}
                segments={data.segments}
                catalogue={catalogue}
                edit={allowed && catalogue ? setEdited : undefined}
              />
            )
          }
        </QueryContent>
      </Card>
      {search.segment !== undefined && query.data && (
        <Chosen
          projectId={project.id}
          segment={shown}
          onClose={() => setTab({ segment: undefined })}
        />
      )}
      {catalogue && edited && edited.how !== 'delete' && (
        <SegmentDialog
          projectId={project.id}
          segment={edited.segment}
          catalogue={catalogue}
          onClose={close}
        />
      )}
      {edited?.how === 'delete' && (
        <DeleteSegment
          projectId={project.id}
          segment={edited.segment}
          onClose={close}
          onGone={() => {
            close();
            if (edited.segment.id === search.segment) setTab({ segment: undefined });
          }}
        />
      )}
    </>
  );
}

/** The segment that the address names, if there is one. */
function Chosen(props: {
  projectId: string;
  segment: Segment | undefined;
  onClose: () => void;
}): ReactNode {
  const { projectId, segment, onClose } = props;
  if (!segment) return <p className="px-4 text-ink-3">{words.members.gone}</p>;
  return <Members key={segment.id} projectId={projectId} segment={segment} onClose={onClose} />;
}
