import { useQueries } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import { readAnnotation, type Annotation } from '@/api/annotations';
import { Button } from '@/components/Button';
import { DialogHead } from '@/components/Dialog';
import { Modal } from '@/components/Modal';
import { Skeleton } from '@/components/states';
import { annotations as words, components } from '@/words';
import { usePermission } from '../session';
import { usePageSearch, useView, type View } from '../view';
import { useWorkflowNames } from '../workflowNames';
import { Details } from './Details';
import { DeleteAnnotation, EditAnnotation } from './EditAnnotation';
import { useTimeline } from './useTimeline';

/** What the URL has opened: an annotation to add, or some to read. */
export function AnnotationDialogs(): ReactNode {
  const view = useView();
  const { annotation, annotate } = usePageSearch();
  const { close } = useTimeline(view);
  if (annotate !== undefined)
    return <Add key={annotate} view={view} at={annotate} onClose={close} />;
  if (!annotation) return null;
  return <Shown key={annotation.join()} view={view} ids={annotation} onClose={close} />;
}

/** Adds an annotation about what the page shows: its workflow, if it has one, and its environment. */
function Add(props: { view: View; at: string; onClose: () => void }): ReactNode {
  const { view, at } = props;
  const { id } = useParams({ strict: false });
  const allowed = usePermission(view.project, 'annotate');
  const [only, ...others] = view.workflows;
  const draft = useMemo(
    () => ({
      startsAt: at,
      workflowId: id ?? (others.length === 0 ? only : undefined),
      environment: view.env,
    }),
    [at, id, only, others.length, view.env],
  );
  if (!allowed) return null;
  return <EditAnnotation view={view} annotation={draft} onClose={props.onClose} />;
}

function Shown(props: { view: View; ids: string[]; onClose: () => void }): ReactNode {
  const { view, ids, onClose } = props;
  const { id: projectId } = view.project;
  const [edited, setEdited] = useState<{ annotation: Annotation; how: 'change' | 'delete' }>();
  const read = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['annotation', projectId, id],
      queryFn: ({ signal }: { signal: AbortSignal }) => readAnnotation(projectId, id, signal),
    })),
  });
  const names = useWorkflowNames(view, true).list;
  const nameOf = ({ workflowId }: Annotation): string | undefined =>
    names.find(({ id }) => id === workflowId)?.name ?? workflowId ?? undefined;
  const back = (): void => setEdited(undefined);
  if (edited?.how === 'change') {
    return <EditAnnotation view={view} annotation={edited.annotation} onClose={back} />;
  }
  if (edited) {
    const done = (deleted: boolean): void => (deleted ? onClose() : back());
    return <DeleteAnnotation view={view} annotation={edited.annotation} onClose={done} />;
  }
  const label = ids.length === 1 ? words.unknown : words.several(ids.length);
  return (
    <Modal open label={label} onClose={onClose} className="max-w-xl">
      <div className="flex flex-col gap-4 p-5">
        {ids.length > 1 && <DialogHead title={label} />}
        {read.map(({ data, isError }, index) => (
          <div key={ids[index]} className="border-t pt-4 first:border-t-0 first:pt-0">
            {data ? (
              <Details
                view={view}
                annotation={data}
                workflow={nameOf(data)}
                onChange={() => setEdited({ annotation: data, how: 'change' })}
                onDelete={() => setEdited({ annotation: data, how: 'delete' })}
              />
            ) : isError ? (
              <p role="alert">{words.gone}</p>
            ) : (
              <div role="status" aria-label={components.loading}>
                <Skeleton className="h-16" />
              </div>
            )}
          </div>
        ))}
        <div className="flex justify-end">
          <Button onClick={onClose}>{words.close}</Button>
        </div>
      </div>
    </Modal>
  );
}
