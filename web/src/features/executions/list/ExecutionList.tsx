import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { usePreferences } from '@/lib/preferences';
import { when } from '@/lib/range';
import { executions as words, frame } from '@/words';
import { NoData } from '../../board/Empty';
import { prefer } from '../../preferences/prefer';
import { useView, type View } from '../../view';
import { isNarrowed, UNLIMITED, type FilterPatch } from './chips';
import { ColumnPicker } from './ColumnPicker';
import { knownColumns, type ColumnId } from './columns';
import { FilterChips } from './FilterChips';
import { filterOf, useReading } from './frame';
import { Histogram, useHistogram } from './Histogram';
import { Listed } from './Listed';

const FROM = '/frame/board/executions';

/** Every execution of the range, newest first, narrowed by filters. */
export function ExecutionList(): ReactNode {
  const view = useView();
  return view.extent ? <Page view={view} /> : <NoData view={view} />;
}

function Page({ view }: { view: View }): ReactNode {
  const search = useSearch({ from: FROM });
  const navigate = useNavigate();
  /** Changes the URL; what does not change which executions are listed is no step to go back to. */
  const change = (patch: FilterPatch, sameList = false): void =>
    void navigate({
      to: '/executions',
      search: (previous) => ({ ...previous, ...patch }),
      replace: sameList,
      resetScroll: !sameList,
    });
  const preferred = knownColumns(usePreferences().executionColumns ?? []);
  const columns = search.columns ?? preferred;
  const chooseColumns = (chosen: ColumnId[] | undefined): void => {
    change({ columns: chosen }, true);
    void prefer({ executionColumns: chosen ?? null });
  };
  const filter = filterOf(view, search);
  const [reading, renew] = useReading(view, filter);
  const histogram = useHistogram(view, filter, reading);
  const narrowed = isNarrowed(search) || view.workflows.length === 1;
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(words.title)}</title>
      <h1 className="sr-only">{words.list.title}</h1>
      <p data-testid="sentence" className="min-h-6 text-base leading-6">
        {/* A count of other filters would read as the count of these. */}
        {histogram.data &&
          !histogram.isPlaceholderData &&
          words.list.summary(
            histogram.data.histogram.total,
            narrowed,
            when(view.range, view.extent, view.zone),
          )}
      </p>
      <FilterChips view={view} search={search} onChange={change} />
      {view.workflows.length > 1 && (
        <p className="text-xs text-ink-3">{words.list.severalWorkflows}</p>
      )}
      <Histogram view={view} search={search} query={histogram} />
      <Listed
        key={reading.key}
        view={view}
        filter={filter}
        reading={reading}
        narrowed={narrowed}
        columns={columns}
        selected={search.selected ?? []}
        onSelect={(selected) => change({ selected }, true)}
        onRenew={renew}
        onClear={() => change(UNLIMITED)}
        picker={<ColumnPicker chosen={columns} onChange={chooseColumns} />}
      />
    </div>
  );
}
