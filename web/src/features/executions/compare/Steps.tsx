import { useMemo, useState, type ReactNode } from 'react';
import type { ComparedRow, ComparedStep, ExecutionComparison } from '@/api/executions';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { Name } from '@/components/Name';
import { EmptyNote } from '@/components/states';
import { useWindowing } from '@/components/windowing';
import { duration, exact } from '@/lib/format';
import { executions as words } from '@/words';
import { Axis, Grid } from '../one/Axis';
import { inkOn, noteAt, placed, roomFor, waitingShare, Waiting } from '../one/Bars';
import { scaleOf, type Scale } from '../one/scale';
import { hasFailed } from '../state';
import { useWidth } from '../useWidth';
import type { CompareSearch } from '../search';
import { axisOf, rowsToShow, spanOf } from './rows';
import { SIDES, type Letter } from './Side';

const ROW = 44;
const text = words.compare;

/** The steps of two executions on one time axis, each beside its counterpart. */
export function Steps(props: {
  data: ExecutionComparison;
  search: CompareSearch;
  onChange: (patch: CompareSearch) => void;
}): ReactNode {
  const { data, search, onChange } = props;
  const [box, setBox] = useState<HTMLElement | null>(null);
  const [list, setList] = useState<HTMLElement | null>(null);
  const width = useWidth(box);
  const order = search.sequence ?? 'importance';
  const rows = useMemo(
    () => rowsToShow(data.rows, order, search.same === 'shown'),
    [data, order, search.same],
  );
  const names = width < 560 ? 120 : 280;
  const scale = useMemo(
    () =>
      scaleOf(
        axisOf(data.rows, [data.a.duration, data.b.duration]),
        Math.max(60, width - names - 16),
      ),
    [data, width, names],
  );
  const shown = useWindowing(list, box, ROW, rows.length);
  const same = data.rows.filter(({ kind }) => kind === 'same').length;
  return (
    <Card
      title={text.steps}
      testId="compared-steps"
      note={same > 0 ? text.sameCount(same) : undefined}
      actions={
        <>
          {same > 0 && (
            <Button
              kind="quiet"
              aria-pressed={search.same === 'shown'}
              onClick={() => onChange({ same: search.same ? undefined : 'shown' })}
            >
              {text.showSame}
            </Button>
          )}
          <div role="group" aria-label={text.order} className="flex gap-1">
            {(['importance', 'time'] as const).map((value) => (
              <Button
                key={value}
                kind="quiet"
                aria-pressed={order === value}
                onClick={() => onChange({ sequence: value === 'time' ? 'time' : undefined })}
              >
                {value === 'time' ? text.byTime : text.byImportance}
              </Button>
            ))}
          </div>
        </>
      }
    >
      <div
        ref={setBox}
        // It takes focus so that the keyboard can scroll it.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label={text.steps}
        className="max-h-[calc(100dvh-10rem)] min-h-24 overflow-x-hidden overflow-y-auto"
      >
        <Axis scale={scale} names={names} />
        {rows.length === 0 && <EmptyNote>{text.noSteps}</EmptyNote>}
        <div className="relative" style={{ height: rows.length * ROW }}>
          <Grid scale={scale} names={names} />
          <ol ref={setList} aria-label={text.steps} className="absolute inset-0">
            {rows.slice(shown.first, shown.end).map((row, offset) => (
              <Compared
                key={`${row.step.id} ${row.occurrence}`}
                row={row}
                index={shown.first + offset}
                count={rows.length}
                names={names}
                scale={scale}
              />
            ))}
          </ol>
        </div>
      </div>
      {data.truncated && <p className="border-t px-4 py-2 text-xs text-ink-3">{text.truncated}</p>}
    </Card>
  );
}

/** Whether a difference is for the worse: B failed, or takes longer. */
const worse = ({ kind, b }: ComparedRow): boolean =>
  kind === 'slower' || (kind === 'status' && b != null && hasFailed(b.status));

function Compared(props: {
  row: ComparedRow;
  index: number;
  count: number;
  names: number;
  scale: Scale;
}): ReactNode {
  const { row, index, scale, names } = props;
  const { difference } = row;
  return (
    <li
      aria-setsize={props.count}
      aria-posinset={index + 1}
      data-compared={row.step.id}
      data-kind={row.kind}
      style={{ top: index * ROW, height: ROW }}
      className="absolute inset-x-0 flex items-center border-t hover:bg-sunken/70"
    >
      <div style={{ width: names }} className="flex shrink-0 flex-col overflow-hidden pr-2 pl-4">
        <span className="truncate">
          <Name cut of={row.step.name ?? row.step.id} />
          {row.occurrence > 1 && <span className="text-ink-3"> #{exact(row.occurrence)}</span>}
        </span>
        <span className={`truncate text-2xs ${worse(row) ? 'text-bad' : 'text-ink-3'}`}>
          {difference != null && difference !== 0 && `${signed(difference)} · `}
          {text.kinds[row.kind]}
        </span>
      </div>
      <div className="relative h-full min-w-0 flex-1" style={{ maxWidth: scale.width }}>
        <Lane letter="a" step={row.a} scale={scale} />
        <Lane letter="b" step={row.b} scale={scale} />
      </div>
    </li>
  );
}

const signed = (ms: number): string => (ms > 0 ? text.longer(ms) : text.shorter(-ms));

/** A step in one of the two executions: a bar in the colour of its side, with a red frame if it failed. */
function Lane(props: {
  letter: Letter;
  step: ComparedStep | null | undefined;
  scale: Scale;
}): ReactNode {
  const { letter, step, scale } = props;
  const span = spanOf(step);
  if (!step || !span) return null;
  const { left, width } = placed(scale, span);
  const failed = hasFailed(step.status);
  const [took, waited] = [span.end - span.start, step.waitDuration ?? 0];
  const label = [
    duration(took),
    waited > 0 && words.waterfall.waited(waited < took ? duration(waited) : null),
    step.attempts > 1 && words.waterfall.attempts(step.attempts),
    failed && words.states.failed,
  ]
    .filter(Boolean)
    .join(' · ');
  const place = noteAt({ left, width }, scale.width, roomFor(label), false);
  const ink = place.inside ? inkOn(SIDES[letter], waitingShare(waited, took)) : undefined;
  return (
    <div className={`absolute inset-x-0 h-4 ${letter === 'a' ? 'top-1.5' : 'bottom-1.5'}`}>
      <span
        data-side={letter}
        style={{ left, width, background: SIDES[letter] }}
        className={`absolute inset-y-0.5 rounded-sm ${failed ? 'outline-2 outline-failed' : ''}`}
      >
        <Waiting share={waitingShare(waited, took)} />
      </span>
      <span
        style={{ ...place.style, ...ink }}
        className={`absolute top-1/2 -translate-y-1/2 truncate text-2xs leading-3 ${failed ? 'text-bad' : 'text-ink-3'}`}
      >
        <span className="sr-only">{text[letter]}: </span>
        {label}
      </span>
    </div>
  );
}
