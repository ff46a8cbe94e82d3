import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { ApiError } from '@/api/client';
import { executionQuery, normsQuery, type ExecutionDetail } from '@/api/executions';
import type { Problem } from '@/api/types';
import { buttonClass } from '@/components/Button';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { usePageKeys } from '@/lib/pageKeys';
import { executions as words, frame } from '@/words';
import { useView } from '../../view';
import { ExecutionLink } from '../ExecutionLink';
import { listOf, type OneSearch } from '../search';
import { workflowOf } from '../state';
import { Family, hasFamily } from './Family';
import { Header } from './Header';
import { Raw } from './Raw';
import { ExecutionSkeleton, UnusualSkeleton } from './Skeletons';
import { ErrorCard, Unusual } from './Trouble';
import { useBeside, type Beside } from './useBeside';
import { Waterfall } from './Waterfall';

const FROM = '/frame/board/executions/$execution';

/** One execution: how it went, its steps over time, its error, its relatives, and what is unusual about it. */
export function Execution(): ReactNode {
  const { execution: id } = useParams({ from: FROM });
  const { run } = useSearch({ from: FROM });
  const { project } = useView();
  const query = useQuery(executionQuery(project.id, id, run));
  const problem = query.error instanceof ApiError ? query.error.problem : undefined;
  if (problem?.candidates) return <Ambiguous candidates={problem.candidates} />;
  if (problem?.status === 404) return <Missing id={id} />;
  return (
    <QueryContent what={words.one.what} query={query} skeleton={<ExecutionSkeleton />}>
      {(detail) => (
        <Loaded
          key={`${detail.id} ${detail.run}`}
          projectId={project.id}
          detail={detail}
          at={query.dataUpdatedAt}
        />
      )}
    </QueryContent>
  );
}

function Loaded(props: { projectId: string; detail: ExecutionDetail; at: number }): ReactNode {
  const { projectId, detail } = props;
  const search = useSearch({ from: FROM });
  const navigate = useNavigate();
  const norms = useQuery(normsQuery(projectId, detail.id, search.run));
  const change = useCallback(
    (patch: OneSearch) =>
      void navigate({
        to: '.',
        search: (previous) => ({ ...previous, ...patch }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  const related = hasFamily(detail);
  const beside = useBeside(detail.id, norms.data, search);
  useNeighbourKeys(beside);
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(words.one.title(workflowOf(detail), detail.executionId))}</title>
      <Header detail={detail} norms={norms.data} beside={beside} loading={norms.isPending} />
      <ErrorCard detail={detail} norms={norms.data} loading={norms.isPending} />
      <Waterfall
        detail={detail}
        norms={norms.data}
        at={props.at}
        search={search}
        onSearch={change}
      />
      <div className={`grid gap-3 xl:items-start ${related ? 'xl:grid-cols-2' : ''}`}>
        <QueryContent what={words.one.unusual.title} query={norms} skeleton={<UnusualSkeleton />}>
          {(data) => <Unusual norms={data} />}
        </QueryContent>
        {related && <Family projectId={projectId} detail={detail} />}
      </div>
      <Raw
        detail={detail}
        open={search.record === 'shown'}
        onOpen={(open) => change({ record: open ? 'shown' : undefined })}
      />
    </div>
  );
}

/** `p` and `n` lead to the executions beside this one. */
function useNeighbourKeys({ older, newer }: Beside): void {
  const navigate = useNavigate();
  const [pressed, setPressed] = useState<'older' | 'newer' | null>(null);
  const open = useCallback(
    (id: string) =>
      void navigate({
        to: '/executions/$execution',
        params: { execution: id },
        search: (search) => listOf(search),
      }),
    [navigate],
  );
  const beside = { older, newer };
  const wanted = pressed && beside[pressed];
  // A key that is pressed before the neighbours are known acts once they are.
  useEffect(() => {
    if (wanted) open(wanted);
  }, [wanted, open]);
  usePageKeys([
    { key: 'p', does: words.waterfall.keys.previous, run: () => setPressed('older') },
    { key: 'n', does: words.waterfall.keys.next, run: () => setPressed('newer') },
  ]);
}

/** Several executions have the producer's id that the address names. */
function Ambiguous({ candidates }: { candidates: NonNullable<Problem['candidates']> }): ReactNode {
  return (
    <section className="flex flex-col gap-3 rounded-lg border bg-surface p-6">
      <h1 className="text-base font-semibold">{words.one.ambiguous}</h1>
      <ul className="flex flex-col gap-1">
        {candidates.map(({ id, workflowId, environment, executionId }) => (
          <li key={id}>
            <ExecutionLink id={id} inList className="text-accent">
              <Name of={[workflowId, environment, executionId].filter(Boolean).join(' · ')} />
            </ExecutionLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Missing({ id }: { id: string }): ReactNode {
  return (
    <section
      data-testid="unknown-execution"
      className="flex flex-col items-start gap-3 rounded-lg border bg-surface p-6"
    >
      <h1 className="text-base font-semibold">{words.one.missing}</h1>
      <p className="font-mono text-xs break-all text-ink-3">{id}</p>
      <Link to="/executions" search={(previous) => listOf(previous)} className={buttonClass()}>
        {words.one.back}
      </Link>
    </section>
  );
}
