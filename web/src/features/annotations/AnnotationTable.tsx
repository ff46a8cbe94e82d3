import { Link } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import type { Annotation } from '@/api/annotations';
import { Button } from '@/components/Button';
import { DataTable, type Column } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { NO_VALUE } from '@/lib/format';
import { annotations as words } from '@/words';
import { usePermission } from '../session';
import type { View } from '../view';
import { WorkflowLink } from '../WorkflowLink';
import { useWorkflowNames } from '../workflowNames';
import { Author } from './Author';
import { PageLink } from './Details';
import { DeleteAnnotation, EditAnnotation } from './EditAnnotation';
import { Kind } from './Kind';
import { chartsOf, whenOf } from './target';
import { useTimeline } from './useTimeline';

const SAID = words.columns;

interface Edited {
  annotation: Annotation;
  how: 'change' | 'delete';
}

function columnsOf(view: View, names: Map<string, string>): Column<Annotation>[] {
  return [
    {
      id: 'kind',
      header: SAID.kind,
      className: 'w-px py-1.5 align-top max-sm:text-xs',
      cell: ({ kind }) => <Kind of={kind} />,
    },
    {
      id: 'title',
      header: SAID.title,
      className: 'max-w-[34rem] min-w-40 py-1.5 align-top',
      cell: (row) => <Title view={view} of={row} />,
    },
    {
      id: 'when',
      header: SAID.when,
      wideOnly: true,
      className: 'py-1.5 align-top whitespace-nowrap',
      cell: (row) => whenOf(row, view.zone),
    },
    {
      id: 'workflow',
      header: SAID.workflow,
      wideOnly: true,
      className: 'max-w-60 truncate py-1.5 align-top',
      cell: ({ workflowId }) =>
        workflowId ? (
          <WorkflowLink id={workflowId} name={names.get(workflowId) ?? workflowId} />
        ) : (
          <span className="text-ink-3">{words.every}</span>
        ),
    },
    {
      id: 'environment',
      header: SAID.environment,
      wideOnly: true,
      className: 'py-1.5 align-top',
      cell: ({ environment }) => environment ?? NO_VALUE,
    },
    {
      id: 'author',
      header: SAID.author,
      wideOnly: true,
      className: 'max-w-48 truncate py-1.5 align-top',
      cell: ({ author }) => <Author of={author} />,
    },
  ];
}

/** The title leads to the charts around it; below it stands what else it says. */
function Title({ view, of }: { view: View; of: Annotation }): ReactNode {
  const { description, url, version } = of;
  return (
    <div className="flex min-w-0 flex-col items-start gap-0.5">
      <Link {...chartsOf(of, view)} title={words.charts} className="rounded hover:underline">
        <Name of={of.title} />
      </Link>
      <span className="text-xs text-ink-2 md:hidden">{whenOf(of, view.zone)}</span>
      {(description || version) && (
        <span className="line-clamp-2 text-xs wrap-anywhere text-ink-3">
          {[version && words.version(version), description].filter(Boolean).join(' · ')}
        </span>
      )}
      {url && (
        <span className="text-xs">
          <PageLink url={url} />
        </span>
      )}
    </div>
  );
}

/** Annotations, one per row. */
export function AnnotationTable(props: { view: View; annotations: Annotation[] }): ReactNode {
  const { view, annotations } = props;
  const allowed = usePermission(view.project, 'manage_annotations');
  const { show } = useTimeline(view);
  const [edited, setEdited] = useState<Edited | null>(null);
  const { list } = useWorkflowNames(view, annotations.length > 0);
  const columns = useMemo(() => {
    const names = new Map(list.map(({ id, name }) => [id, name]));
    return [...columnsOf(view, names), actions(allowed, show, setEdited)];
  }, [view, list, allowed, show]);
  const close = (): void => setEdited(null);
  return (
    <>
      <DataTable label={words.list} columns={columns} rows={annotations} rowKey={({ id }) => id} />
      {edited?.how === 'change' && (
        <EditAnnotation view={view} annotation={edited.annotation} onClose={close} />
      )}
      {edited?.how === 'delete' && (
        <DeleteAnnotation view={view} annotation={edited.annotation} onClose={close} />
      )}
    </>
  );
}

/** The buttons that show all of an annotation, change it and delete it. */
const actions = (
  allowed: boolean,
  show: (ids: string[]) => void,
  edit: (edited: Edited) => void,
): Column<Annotation> => ({
  id: 'actions',
  header: '',
  className: 'w-px py-0.5 align-top whitespace-nowrap',
  cell: (annotation) => (
    <span className="flex justify-end">
      <Button
        kind="quiet"
        small
        aria-label={words.details(annotation.title)}
        title={words.details(annotation.title)}
        onClick={() => show([annotation.id])}
      >
        <Icon name="list" size={14} />
      </Button>
      {allowed && (
        <>
          <Button
            kind="quiet"
            small
            aria-label={words.changeNamed(annotation.title)}
            title={words.form.changeTitle}
            onClick={() => edit({ annotation, how: 'change' })}
          >
            <Icon name="pencil" size={14} />
          </Button>
          <Button
            kind="quiet"
            small
            aria-label={words.deleteNamed(annotation.title)}
            title={words.deleteTitle}
            onClick={() => edit({ annotation, how: 'delete' })}
          >
            <Icon name="cross" size={14} />
          </Button>
        </>
      )}
    </span>
  ),
});
