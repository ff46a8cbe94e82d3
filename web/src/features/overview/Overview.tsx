import type { ReactNode } from 'react';
import type { QueryState } from '@/components/QueryContent';
import type { Answer } from '@/lib/answer';
import { useNarrow } from '@/lib/media';
import { board, frame, overview as words } from '@/words';
import { busiestQuery, errorsQuery } from '../cardQueries';
import { Busiest } from '../board/Busiest';
import { NoData, OutOfRange } from '../board/Empty';
import { useFigure } from '../board/figure';
import { Kpis } from '../board/Kpis';
import { Sentence } from '../board/Sentence';
import { MainChart } from '../board/MainChart';
import { DurationsOverTime } from '../board/TimeCharts';
import { TopErrors } from '../board/TopErrors';
import { useBoard } from '../board/useBoard';
import { useChanges } from '../changes/useChanges';
import { WhatChanged } from '../changes/WhatChanged';
import { useComparability, useCoverage } from '../coverage';
import { useCardQuery } from '../useCardQuery';
import { useView, type View } from '../view';
import { WorkflowLink } from '../WorkflowLink';
import { Breakdown, breakdownQuery, splitOf, type Split } from './Breakdown';
import { Slow } from './Slow';

/** All workflows together: whether anything is wrong, what changed, and where. */
export function Overview(): ReactNode {
  const view = useView();
  return view.extent === null ? <NoData view={view} /> : <Figures view={view} />;
}

function Figures({ view }: { view: View }): ReactNode {
  const { headline, series } = useBoard(view, true);
  const changes = useChanges(view);
  const busy = useCardQuery(view, busiestQuery(view));
  const errors = useCardQuery(view, errorsQuery, true, 'later');
  const coverage = useCoverage(view);
  const comparable = useComparability(coverage, headline.data?.query.range);
  const narrow = useNarrow();
  const figures = { headline, series, coverage };
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(words.title)}</title>
      <h1 className="sr-only">{words.title}</h1>
      <Sentence headline={headline} errors={errors.data} />
      <OutOfRange view={view} headline={headline.isPlaceholderData ? undefined : headline.data} />
      <div className="grid gap-3 lg:grid-cols-12">
        <WhatChanged query={changes} />
        <Kpis {...figures} part={narrow ? 'leading' : 'all'} className="lg:col-span-5" />
      </div>
      <div className="grid grid-cols-12 gap-3">
        <MainChart series={series} coverage={coverage} />
        {narrow && <Kpis {...figures} part="rest" className="col-span-full" />}
        <Explanation view={view} series={series} coverage={coverage} />
        <Slow view={view} comparable={comparable} />
        <TopErrors
          query={errors}
          by="workflow"
          placeHeader={board.errors.mostIn}
          link={(id, name) => <WorkflowLink id={id} name={name} />}
        />
        <Busiest view={view} query={busy} />
      </div>
    </div>
  );
}

interface ExplanationProps {
  view: View;
  series: QueryState<Answer>;
  coverage: Answer | undefined;
}

/** What stands beside the main chart: what its figure is made of, or durations over time. */
function Explanation(props: ExplanationProps): ReactNode {
  const split = splitOf(useFigure().figure);
  if (!split) return <DurationsOverTime series={props.series} coverage={props.coverage} />;
  return <SplitCard key={split.title} {...props} split={split} />;
}

function SplitCard({ view, coverage, split }: ExplanationProps & { split: Split }): ReactNode {
  const query = useCardQuery(view, breakdownQuery(view, split), true, 'later');
  return <Breakdown split={split} query={query} coverage={coverage} />;
}
