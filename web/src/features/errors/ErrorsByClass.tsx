import type { ReactNode } from 'react';
import type { ChartData } from '@/components/chart/model';
import type { Answer } from '@/lib/answer';
import { errors } from '@/words';
import { perBucket } from '../board/TimeCharts';
import { ChartCard } from '../ChartCard';
import { splitSeries } from '../splitSeries';
import { useCardQuery, type CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { classLabel } from './ClassTag';

const words = errors.byClass;
const CLASS = 'error_class';
const HEIGHT = 200;
/** There are ten classes, and errors without one. */
const MOST = 11;

/** Errors by bucket and class, of all classes or of one. */
function classQuery(view: View, only: string | undefined): CardQuery {
  return {
    metrics: ['errors'],
    dimensions: [CLASS],
    ...(only ? { filters: [{ dimension: CLASS, op: 'in', values: [only] }] } : {}),
    granularity: view.granularity,
    orderBy: [{ metric: 'errors', direction: 'desc' }],
    limit: MOST,
  };
}

/** The errors of an answer as bars on top of each other: the most frequent class at the bottom. */
export function classSeries(answer: Answer): ChartData {
  const data = splitSeries(answer, {
    dimensions: [CLASS],
    metric: 'errors',
    kind: 'bar',
    absent: 0,
    look: ([value]) => ({ label: classLabel(value) }),
    other: words.other,
  });
  return { ...data, unit: 'count' };
}

/** When executions failed, and by which class of error. */
export function ErrorsByClass(props: {
  view: View;
  errorClass: string | undefined;
  coverage: Answer | undefined;
}): ReactNode {
  const { view, errorClass } = props;
  const query = useCardQuery(view, classQuery(view, errorClass), true, 'later');
  return (
    <ChartCard
      id="classes"
      title={words.title}
      label={words.label}
      note={perBucket(query.data)}
      empty={words.empty}
      query={query}
      coverage={props.coverage}
      chart={classSeries}
      explore={{ query: classQuery(view, errorClass), chart: 'bars' }}
      height={HEIGHT}
      testId="classes-chart"
    />
  );
}
