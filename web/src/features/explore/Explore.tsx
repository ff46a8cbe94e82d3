import { Link } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { Icon } from '@/components/Icon';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { ErrorState } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { useNarrow } from '@/lib/media';
import { frameOf } from '@/lib/search';
import { explore as words, frame } from '@/words';
import { NoData } from '../board/Empty';
import { useComparability, useCoverage } from '../coverage';
import { useCardQuery } from '../useCardQuery';
import { useView, type View } from '../view';
import { Builder } from './Builder';
import { titleOf, useCatalogue, type Catalogue } from './catalogue';
import { drawnOf, overTime, queryOf } from './query';
import { QueryText } from './QueryText';
import { Results, ResultsSkeleton, shownBy } from './Results';
import { useExploreSearch } from './search';
import { startersOf } from './starters';

/** Any figures of the catalogue, by any dimensions and conditions, over time or not. */
export function Explore(): ReactNode {
  const view = useView();
  return (
    <>
      <title>{frame.pageTitle(words.page)}</title>
      <h1 className="sr-only">{words.page}</h1>
      {view.extent === null ? <NoData view={view} /> : <Known view={view} />}
    </>
  );
}

function Known({ view }: { view: View }): ReactNode {
  const catalogue = useCatalogue(view);
  return (
    <QueryContent what={words.page} query={catalogue} skeleton={<ResultsSkeleton />}>
      {(known) => <Asked view={view} catalogue={known} />}
    </QueryContent>
  );
}

const NOTHING = { metrics: [] };
const NONE: string[] = [];

function Asked({ view, catalogue }: { view: View; catalogue: Catalogue }): ReactNode {
  const [search] = useExploreSearch();
  const { metric = NONE, group = NONE } = search;
  const metrics = useMemo(() => metric.map(catalogue.metric), [metric, catalogue]);
  const groups = useMemo(() => group.map(catalogue.dimension), [group, catalogue]);
  const question = useMemo(() => queryOf(search, view), [search, view]);
  const query = useCardQuery(view, question ?? NOTHING, question !== undefined);
  // The table has every group, a chart over time the first ones. Where that is the same, it is asked once.
  const drawn = useCardQuery(view, question ? drawnOf(question) : NOTHING, question !== undefined);
  return (
    <div className="grid items-start gap-3 lg:grid-cols-[17rem_minmax(0,1fr)]">
      <Foldable title={titleOf(metrics, groups)} open={metrics.length === 0}>
        <Builder
          catalogue={catalogue}
          metrics={metrics}
          groups={groups}
          error={query.isError ? query.error : null}
        />
      </Foldable>
      <div className="flex min-w-0 flex-col gap-3">
        {question ? (
          <>
            <Answered view={view} catalogue={catalogue} query={query} drawn={drawn} />
            <QueryText query={question} view={view} />
          </>
        ) : (
          <Starters catalogue={catalogue} />
        )}
      </div>
    </div>
  );
}

/** The answer. What it shows is named by the answer itself, not by the question that may still be on its way. */
function Answered(props: {
  view: View;
  catalogue: Catalogue;
  query: QueryState<Answer>;
  drawn: QueryState<Answer>;
}): ReactNode {
  const { view, catalogue, query, drawn } = props;
  const [search] = useExploreSearch();
  const answer = query.data;
  const coverage = useCoverage(view);
  const comparable = useComparability(coverage, answer?.query.range);
  const shown = useMemo(() => answer && shownBy(answer, catalogue), [answer, catalogue]);
  const inChart = useMemo(
    () => (drawn.data ? shownBy(drawn.data, catalogue) : shown),
    [drawn.data, shown, catalogue],
  );
  if (query.isError && !answer) {
    return (
      <Card title={words.refused}>
        <ErrorState what={words.answer} error={query.error} onRetry={() => void query.refetch()} />
      </Card>
    );
  }
  if (!shown || !inChart) return <ResultsSkeleton />;
  const uncompared = Boolean(view.compare) && overTime(search) && shown.groups.length > 0;
  return (
    <>
      {uncompared && <p className="px-1 text-xs text-ink-3">{words.notCompared}</p>}
      <Results
        {...shown}
        query={query}
        drawn={{ ...inChart, query: drawn }}
        coverage={coverage}
        comparable={comparable}
      />
    </>
  );
}

/** On a phone, the builder is folded under the query in words, so that the answer is in sight. */
function Foldable(props: { title: string; open: boolean; children: ReactNode }): ReactNode {
  const narrow = useNarrow();
  const [open, setOpen] = useState(props.open);
  if (!narrow) return <div className="lg:sticky lg:top-15">{props.children}</div>;
  return (
    <div className="flex flex-col gap-2">
      <Button
        aria-expanded={open}
        className="h-auto! min-h-10 w-full justify-between! py-2 text-left whitespace-normal!"
        onClick={() => setOpen(!open)}
      >
        <span className="min-w-0 font-medium wrap-anywhere">{props.title || words.builder}</span>
        <span className="flex shrink-0 items-center gap-1 text-xs text-ink-2">
          <Icon name="settings" size={14} /> {open ? words.done : words.change}
        </span>
      </Button>
      {open && props.children}
    </div>
  );
}

/** What to begin with on an empty page. */
function Starters({ catalogue }: { catalogue: Catalogue }): ReactNode {
  return (
    <Card title={words.questions} testId="starters">
      <p className="px-4 pb-2 text-ink-2">{words.lead}</p>
      <ul className="px-2 pb-3">
        {startersOf(catalogue).map(({ title, search }) => (
          <li key={title}>
            <Link
              to="/explore"
              search={(previous) => ({ ...frameOf(previous), ...search })}
              className="flex min-h-9 items-center gap-2 rounded-md px-2 text-accent hover:bg-sunken pointer-coarse:min-h-10"
            >
              <Icon name="explore" size={14} /> {title}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
