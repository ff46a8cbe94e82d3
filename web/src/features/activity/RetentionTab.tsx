import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { readRetention, type Retention } from '@/api/activity';
import { Card } from '@/components/Card';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { activity as words } from '@/words';
import { useAnswer } from '../useCardQuery';
import { useView, type View } from '../view';
import { retentionRequest } from './retention';
import { RetentionChoices } from './RetentionChoices';
import { RetentionGrid } from './RetentionGrid';
import type { RetentionSearch } from './search';

const SAID = words.retention;

function useRetention(view: View, search: RetentionSearch) {
  const request = retentionRequest(view, search);
  return useAnswer<Retention & Asked>({
    view,
    question: ['retention', request],
    ask: async (range, signal, asked) => ({
      ...(await readRetention(view.project.id, { ...request, range }, signal)),
      ...asked(),
    }),
    enabled: true,
    when: 'later',
  });
}

/** Whether users come back, by when they started. */
export function RetentionTab(): ReactNode {
  const view = useView();
  const search = useSearch({ from: '/frame/board/activity/retention' });
  const query = useRetention(view, search);
  return (
    <Card title={SAID.title} note={SAID.note} testId="retention">
      <RetentionChoices
        projectId={view.project.id}
        search={search}
        period={query.data?.granularity}
      />
      <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={12} />}>
        {(report) =>
          report.cohorts.every(({ size }) => size === 0) ? (
            <EmptyNote>{SAID.nobody}</EmptyNote>
          ) : (
            <RetentionGrid report={report} />
          )
        }
      </QueryContent>
    </Card>
  );
}
