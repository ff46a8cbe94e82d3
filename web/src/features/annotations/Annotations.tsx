import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import {
  ANNOTATION_KINDS,
  type Annotation,
  type AnnotationKind,
  type AnnotationPage,
} from '@/api/annotations';
import { Button, buttonClass } from '@/components/Button';
import { Card } from '@/components/Card';
import { CopyText } from '@/components/Copy';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, Skeleton, TableSkeleton } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { present } from '@/lib/clock';
import { exact } from '@/lib/format';
import { annotations as words, frame } from '@/words';
import { SENTENCE } from '../board/Sentence';
import { useView, type View } from '../view';
import { AnnotationTable } from './AnnotationTable';
import { releaseCommand } from './command';
import { useAnnotations, useConcerning } from './read';
import { useKindSearch } from './search';
import { countsOf, said } from './said';
import { useTimeline } from './useTimeline';

/** What happened to the project and its workflows: the releases, incidents and notes of the range. */
export function Annotations(): ReactNode {
  const view = useView();
  const kind = useKindSearch();
  const query = useAnnotations(view);
  const { add } = useTimeline(view);
  const all = useConcerning(query.data, query.data?.frame.workflows ?? view.workflows);
  const shown = useMemo(
    () => all?.filter((annotation) => !kind || annotation.kind === kind),
    [all, kind],
  );
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(words.title)}</title>
      <h1 className="sr-only">{words.title}</h1>
      {query.data && all ? (
        <p data-testid="sentence" className={`${SENTENCE} xl:min-h-6`}>
          {said(all, query.data.frame)}
        </p>
      ) : (
        !query.isError && (
          <div className={`${SENTENCE} xl:min-h-6`}>
            <Skeleton className="my-0.5 h-5 w-96 max-w-full" />
          </div>
        )
      )}
      <Card
        title={words.list}
        note={words.note}
        testId="annotations"
        actions={
          add && (
            <Button onClick={() => add(Math.min(view.bounds.to, present()))}>{words.add}</Button>
          )
        }
      >
        <QueryContent what={words.what} query={query} skeleton={<TableSkeleton rows={8} />}>
          {(page) => <List view={view} page={page} all={all ?? []} shown={shown ?? []} />}
        </QueryContent>
      </Card>
    </div>
  );
}

function List(props: {
  view: View;
  page: AnnotationPage & Asked;
  all: Annotation[];
  shown: Annotation[];
}): ReactNode {
  const { view, page, all, shown } = props;
  if (all.length === 0) return <Empty view={view} />;
  return (
    <>
      <Kinds all={all} />
      {shown.length === 0 ? (
        <EmptyNote>{words.empty.kind}</EmptyNote>
      ) : (
        <AnnotationTable view={view} annotations={shown} />
      )}
      {page.nextCursor != null && (
        <p className="border-t px-4 py-2 text-xs text-ink-3">
          {words.most(exact(page.annotations.length))}
        </p>
      )}
    </>
  );
}

/** The kinds; each one filters the list. */
function Kinds({ all }: { all: Annotation[] }): ReactNode {
  const counts = countsOf(all);
  const choice = (kind: AnnotationKind | undefined, label: string, count: number): ReactNode => (
    <Link
      key={label}
      to="/annotations"
      search={(previous) => ({ ...previous, about: kind })}
      activeOptions={{ exact: true }}
      className={`${buttonClass('quiet', true)} shrink-0`}
      activeProps={{ className: 'bg-accent-soft! text-accent!' }}
    >
      {label} <span className="text-ink-3">{exact(count)}</span>
    </Link>
  );
  return (
    <div
      role="group"
      aria-label={words.filter}
      className="scroll-edges flex flex-wrap gap-1 px-2.5 pb-2 max-md:flex-nowrap max-md:overflow-x-auto"
    >
      {choice(undefined, words.all, all.length)}
      {ANNOTATION_KINDS.map((kind) => choice(kind, words.plurals[kind], counts[kind]))}
    </div>
  );
}

/** What the page is for, and the command with which a pipeline fills it. */
function Empty({ view }: { view: View }): ReactNode {
  const { empty } = words;
  return (
    <div className="flex flex-col gap-2 px-4 pt-2 pb-5">
      <p>{empty.about}</p>
      <p className="text-ink-2">
        {empty.pipeline(<code className="font-mono">{empty.post}</code>)}
      </p>
      <CopyText
        label={empty.command}
        testId="release-command"
        text={releaseCommand(window.location.origin, view.project.ingestKeyPrefix)}
      />
    </div>
  );
}
