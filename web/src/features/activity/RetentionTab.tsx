import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { readRetention, type Retention } from '@/api/activity';
import { Card } from '@/components/Card';
import { Picker } from '@/components/Picker';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { activity as words } from '@/words';
import { useAnswer } from '../useCardQuery';
import { useView, type View } from '../view';
import { useSetTab } from '../read';
import { retentionRequest } from './retention';
import { RetentionGrid } from './RetentionGrid';
import { EVENTS, MODES, PERIODS, type RetentionSearch } from './search';

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
    <Card
      title={SAID.title}
      note={SAID.note}
      testId="retention"
      actions={<Choices search={search} period={query.data?.granularity} />}
    >
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

/** What starts and returns, how long periods are, and what counts as a return. */
function Choices(props: {
  search: RetentionSearch;
  period: Retention['granularity'] | undefined;
}): ReactNode {
  const { search, period } = props;
  const setTab = useSetTab<RetentionSearch>();
  const event = search.event ?? 'activity';
  const mode = search.returned ?? 'n_day';
  const length = PERIODS.find((value) => value === (search.period ?? period)) ?? 'day';
  return (
    <>
      <Picker
        label={SAID.event}
        icon="bolt"
        text={SAID.events[event]}
        selected={event}
        options={(['activity', ...EVENTS] as const).map((value) => ({
          value,
          label: SAID.events[value],
        }))}
        onPick={(value) => setTab({ event: EVENTS.find((word) => word === value) })}
        testId="retention-event"
      />
      <Picker
        label={SAID.period}
        icon="calendar"
        text={SAID.periods[length]}
        selected={length}
        options={PERIODS.map((value) => ({ value, label: SAID.periods[value] }))}
        onPick={(value) => setTab({ period: PERIODS.find((word) => word === value) })}
        testId="retention-period"
      />
      <Picker
        label={SAID.returned}
        icon="swap"
        text={SAID.modes[mode]}
        selected={mode}
        options={(['n_day', ...MODES] as const).map((value) => ({
          value,
          label: SAID.modes[value],
        }))}
        onPick={(value) => setTab({ returned: MODES.find((word) => word === value) })}
        testId="retention-mode"
      />
    </>
  );
}
