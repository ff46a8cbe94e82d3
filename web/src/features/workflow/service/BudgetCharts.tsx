import { useMemo, type ReactNode } from 'react';
import type { ServiceLevel, ServiceSeries } from '@/api/workflow';
import type { Marker } from '@/components/chart/model';
import type { QueryState } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import { bucketWord } from '@/lib/granularity';
import { workflow as words } from '@/words';
import { useMarkers } from '../../markers';
import type { View } from '../../view';
import { LevelChart } from './LevelChart';
import { budgetLeftOver, failureRate, viewOf } from './series';
import { mayFailWords } from './summary';

const SAID = words.service;

/** How many runs failed compared with how many may, and what was left of the error budget. */
export function BudgetCharts(props: {
  view: View;
  report: ServiceLevel | undefined;
  query: QueryState<ServiceSeries & Asked>;
}): ReactNode {
  const { view, report, query } = props;
  const { data } = query;
  const markers = useWindowMarkers(view, data);
  const mayFail = report?.burnRates.mayFailPct;
  const rate = useMemo(
    () => (data && mayFail !== undefined ? failureRate(data, mayFail) : undefined),
    [data, mayFail],
  );
  const left = useMemo(
    () => (data && report ? budgetLeftOver(data, report.current) : undefined),
    [data, report],
  );
  return (
    <>
      <LevelChart
        id="budget-left"
        title={SAID.budgetLeft}
        note={SAID.leftNote}
        empty={SAID.noRuns}
        query={query}
        data={left}
        markers={markers}
      />
      <LevelChart
        id="failure-rate"
        title={SAID.failureRate}
        note={[rate && SAID.per(bucketWord(rate.granularity)), report && mayFailWords(report)]
          .filter(Boolean)
          .join(', ')}
        empty={SAID.noRuns}
        query={query}
        data={rate}
        markers={markers}
      />
    </>
  );
}

/** The releases within the window of the service level, which is not the range of the page. */
function useWindowMarkers(view: View, data: ServiceSeries | undefined): Marker[] {
  const own = useMemo(() => data && viewOf(view, data), [data, view]);
  return useMarkers(own?.workflows, own);
}
