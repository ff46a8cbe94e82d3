import type { ReactNode } from 'react';
import { workflow as words } from '@/words';
import { Busiest } from '../board/Busiest';
import { OutOfRange } from '../board/Empty';
import { Kpis } from '../board/Kpis';
import { MainChart } from '../board/MainChart';
import { Sentence } from '../board/Sentence';
import { DurationsOverTime } from '../board/TimeCharts';
import { TopErrors } from '../board/TopErrors';
import { useBoard } from '../board/useBoard';
import { busiestQuery, errorStepsQuery, stepsQuery, versionsQuery } from '../cardQueries';
import { useCoverage } from '../coverage';
import { useCardQuery } from '../useCardQuery';
import { useView } from '../view';
import { useWorkflow } from './context';
import { Steps } from './Steps';
import { Versions } from './Versions';

/** The cards of the overview for one workflow, and its steps and versions at a glance. */
export function OverviewTab(): ReactNode {
  const { id, name, view } = useWorkflow();
  const page = useView();
  const { headline, series } = useBoard(view);
  const steps = useCardQuery(view, stepsQuery, true, 'later');
  const versions = useCardQuery(view, versionsQuery, true, 'later');
  const errors = useCardQuery(view, errorStepsQuery, true, 'later');
  const busy = useCardQuery(view, busiestQuery(view));
  const coverage = useCoverage(view);
  return (
    <>
      <Sentence headline={headline} errors={errors.data} />
      <OutOfRange
        view={page}
        subject={name}
        headline={headline.isPlaceholderData ? undefined : headline.data}
      />
      <Kpis headline={headline} series={series} coverage={coverage} />
      <div className="grid grid-cols-12 gap-3">
        <MainChart series={series} coverage={coverage} />
        <DurationsOverTime series={series} coverage={coverage} />
        <Steps query={steps} />
        <Versions query={versions} />
        <TopErrors
          query={errors}
          by="error_step"
          placeHeader={words.overview.mostInStep}
          workflow={id}
        />
        <Busiest view={view} query={busy} />
      </div>
    </>
  );
}
