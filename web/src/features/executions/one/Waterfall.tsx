import { useCallback, useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import type { ExecutionDetail, ExecutionNorms, Timeline } from '@/api/executions';
import { Card } from '@/components/Card';
import { EmptyNote } from '@/components/states';
import { useWindowing } from '@/components/windowing';
import { duration, exact, money } from '@/lib/format';
import { executions as words } from '@/words';
import type { OneSearch } from '../search';
import { useCoarse, useWidth } from '../useWidth';
import { Axis, Grid } from './Axis';
import { Drawer } from './Drawer';
import { expandedBy, withToggled } from './expanded';
import { Legend } from './Legend';
import { hitsOf, layOut } from './layout';
import { Minimap } from './Minimap';
import { costOfNoStep, type Item } from './model';
import { scaleOf } from './scale';
import { Toolbar } from './Toolbar';
import { useItems } from './useItems';
import { useWaterfallKeys } from './useWaterfallKeys';
import { RowView } from './RowView';

/** The height of a row in pixels; a finger needs more. */
const ROW = 24;
const TOUCH_ROW = 40;
/** The same where notes have a line of their own, because bars have little room: below this width. */
const STACKED_ROW = 44;
const STACKED = 560;
/** From how many rows on a picture of the whole stands above them. */
const MANY_ROWS = 200;

interface Props {
  detail: ExecutionDetail;
  norms: ExecutionNorms | undefined;
  /** When the execution was read (epoch milliseconds). */
  at: number;
  search: OneSearch;
  onSearch: (patch: OneSearch) => void;
}

/** The steps of an execution over time. Only the rows on screen are drawn. */
export function Waterfall(props: Props): ReactNode {
  const { detail, search, onSearch } = props;
  const { expanded, toggled } = search;
  const isOpen = useMemo(() => expandedBy({ expanded, toggled }), [expanded, toggled]);
  const { items, stateOf } = useItems(detail, search.rows === 'bystep', isOpen, props.at);
  const find = useDeferredValue(search.find);
  const [box, setBox] = useState<HTMLElement | null>(null);
  const [list, setList] = useState<HTMLElement | null>(null);
  const width = useWidth(box);
  const coarse = useCoarse();
  const stacked = width > 0 && width < STACKED;
  const names = width < STACKED ? 148 : width < 900 ? 220 : 300;
  const height = stacked ? STACKED_ROW : coarse ? TOUCH_ROW : ROW;
  const span = useMemo(() => spanFor(items, detail), [items, detail]);
  const scale = useMemo(
    () => scaleOf(span, Math.max(60, width - names - 16)),
    [span, width, names],
  );
  const packed = search.rows === 'packed';
  const least = packed ? Math.max(1, scale.lengthOf(3)) : 1;
  const layout = useMemo(
    () =>
      layOut(items, {
        open: isOpen,
        mayOpen: (item) => item.kind === 'execution' && Boolean(item.execution),
        packed,
        least,
        find,
      }),
    [items, isOpen, packed, least, find],
  );
  const { rows } = layout;
  const shown = useWindowing(list, box, height, rows.length);
  const toggle = useCallback(
    ({ id }: Item) => onSearch(withToggled({ toggled }, id)),
    [onSearch, toggled],
  );
  const select = useCallback((id: string | undefined) => onSearch({ row: id }), [onSearch]);
  const keys = useWaterfallKeys({ layout, box, height, selected: search.row, select, toggle });
  const selected = items.find(({ id }) => id === search.row);
  const { timeline } = detail;
  const unassigned = costOfNoStep(detail);
  return (
    <Card
      title={words.waterfall.title}
      testId="waterfall"
      note={
        find
          ? words.waterfall.found(hitsOf(items, find), items.length)
          : `${words.waterfall.steps(timeline.steps.length)} · ${timeOf(timeline)}`
      }
      actions={
        <Toolbar
          items={items}
          search={search}
          onSearch={onSearch}
          onFailure={keys.toFailure}
          onCritical={keys.toCritical}
          onCloseAll={() => onSearch({ expanded: 'none', toggled: undefined })}
          onOpenAll={() => onSearch({ expanded: 'all', toggled: undefined })}
        />
      }
    >
      {items.length === 0 ? (
        <EmptyNote>{words.waterfall.none}</EmptyNote>
      ) : (
        <div className={`grid min-h-0 ${selected ? 'lg:grid-cols-[minmax(0,1fr)_340px]' : ''}`}>
          <div className="min-w-0">
            {rows.length > MANY_ROWS && (
              <Minimap
                rows={rows}
                span={span}
                shown={{ ...shown, count: rows.length }}
                onGo={keys.goTo}
              />
            )}
            <div
              ref={setBox}
              // It takes focus so that the keyboard can scroll it.
              // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              tabIndex={0}
              role="group"
              aria-label={words.waterfall.title}
              className="max-h-[max(20rem,calc(100dvh-17rem))] overflow-x-hidden overflow-y-auto"
            >
              <Axis scale={scale} names={names} />
              <div className="relative" style={{ height: rows.length * height }}>
                <Grid scale={scale} names={names} />
                <ol ref={setList} aria-label={words.waterfall.title} className="absolute inset-0">
                  {rows.slice(shown.first, shown.end).map((row, offset) => {
                    const index = shown.first + offset;
                    return (
                      <RowView
                        key={row.items[0]?.id}
                        row={row}
                        index={index}
                        count={rows.length}
                        height={height}
                        names={names}
                        stacked={stacked}
                        scale={scale}
                        at={keys.at === index}
                        selected={row.items.find(({ id }) => id === search.row)?.id}
                        open={row.opens && row.items[0] !== undefined && isOpen(row.items[0])}
                        state={row.items[0] && stateOf(row.items[0])}
                        reach={layout.reach}
                        onToggle={toggle}
                        onSelect={select}
                      />
                    );
                  })}
                </ol>
              </div>
            </div>
            {unassigned !== null && (
              <p data-testid="cost-of-no-step" className="border-t px-4 py-2 text-xs text-ink-3">
                {words.waterfall.noStep(money(unassigned))}
              </p>
            )}
            {timeline.truncated && (
              <p className="border-t px-4 py-2 text-xs text-ink-3">
                {words.waterfall.truncated(timeline.steps.length)}
              </p>
            )}
          </div>
          {selected && (
            <Drawer
              key={selected.id}
              item={selected}
              detail={detail}
              norms={props.norms}
              onClose={() => select(undefined)}
            />
          )}
        </div>
      )}
      {items.length > 0 && <Legend />}
      <p className="sr-only" role="status">
        {find && `${exact(hitsOf(items, find))}`}
      </p>
    </Card>
  );
}

/** How long the steps worked and waited, and how long none ran. */
const timeOf = ({ stepsTime: { working, waiting }, idle }: Timeline): string =>
  words.one.time(
    duration(working),
    waiting > 0 ? duration(waiting) : null,
    idle > 0 ? duration(idle) : null,
  );

/** The time that the waterfall covers: the execution, and whatever reaches beyond it. */
function spanFor(items: Item[], detail: ExecutionDetail): { start: number; end: number } {
  let [start, end] = [0, detail.timeline.duration];
  for (const item of items) {
    start = Math.min(start, item.start);
    end = Math.max(end, item.end);
  }
  return { start, end };
}
