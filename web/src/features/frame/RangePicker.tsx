import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { OptionList } from '@/components/OptionList';
import { Pop } from '@/components/Pop';
import { usePanel } from '@/lib/panel';
import { coveredDates, PRESETS, rangeLabel, type Range } from '@/lib/range';
import { dateOnly, fromInput, toInput } from '@/lib/zone';
import { frame } from '@/words';
import { useSetRange, useView } from '../view';

const words = frame.range;
const UNITS = ['m', 'h', 'd', 'w'] as const;

/** The range of the page: presets, all data, relative and absolute. */
export function RangePicker(): ReactNode {
  const [open, setOpen] = usePanel('range');
  const view = useView();
  const setRange = useSetRange();
  const choose = (range: Range): void => {
    setOpen(false);
    setRange(range);
  };
  const selected =
    view.range.kind === 'last' ? view.range.last : view.range.kind === 'all' ? 'all' : '';
  const covered = coveredDates(view.range, view.now, view.zone);
  return (
    <Pop
      label={words.is(rangeLabel(view.range, view.zone))}
      testId="range"
      open={open}
      onOpenChange={setOpen}
      // On a phone it gives way, so that the first line of the bar stays one.
      className="min-w-0"
      trigger={
        <>
          <Icon name="calendar" size={14} />
          <span className="truncate">{rangeLabel(view.range, view.zone)}</span>
        </>
      }
    >
      <div className="flex flex-col sm:flex-row">
        <div className="w-44 max-sm:w-full">
          <OptionList
            label={words.label}
            selected={[selected]}
            options={PRESETS}
            onPick={(value) =>
              choose(value === 'all' ? { kind: 'all' } : { kind: 'last', last: value })
            }
          />
        </div>
        <div className="flex w-72 max-w-full flex-col gap-4 p-3 max-sm:border-t sm:border-l">
          <Relative onChoose={choose} />
          <Absolute onChoose={choose} />
          {covered && <p className="text-xs text-ink-2">{words.covers(covered)}</p>}
          {view.extent && (
            <p className="text-xs text-ink-3">
              {words.extent(
                dateOnly(view.extent.first, view.zone),
                dateOnly(view.extent.newest, view.zone),
              )}
            </p>
          )}
        </div>
      </div>
    </Pop>
  );
}

const INPUT = 'h-8 rounded-md border border-line-strong bg-surface px-2 touch-target';

function Relative({ onChoose }: { onChoose: (range: Range) => void }): ReactNode {
  const [count, setCount] = useState('3');
  const [unit, setUnit] = useState('d');
  const valid = /^[1-9]\d{0,3}$/.test(count);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (valid) onChoose({ kind: 'last', last: `${count}${unit}` });
  };
  return (
    <form onSubmit={submit} className="flex items-center gap-1.5">
      <span className="w-10 text-ink-2">{words.last}</span>
      <input
        aria-label={words.number}
        inputMode="numeric"
        value={count}
        onChange={(event) => setCount(event.target.value)}
        className={`${INPUT} w-14`}
      />
      <select
        aria-label={words.unit}
        value={unit}
        onChange={(event) => setUnit(event.target.value)}
        className={`${INPUT} min-w-0 flex-1`}
      >
        {UNITS.map((value) => (
          <option key={value} value={value}>
            {words.units[value]}
          </option>
        ))}
      </select>
      <Button type="submit" disabled={!valid}>
        {words.apply}
      </Button>
    </form>
  );
}

function Absolute({ onChoose }: { onChoose: (range: Range) => void }): ReactNode {
  const { bounds, zone } = useView();
  const id = useId();
  const [from, setFrom] = useState(() => toInput(bounds.from, zone));
  const [to, setTo] = useState(() => toInput(bounds.to, zone));
  const start = fromInput(from, zone);
  const end = fromInput(to, zone);
  const backwards = start !== null && end !== null && start >= end;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (start !== null && end !== null && start < end) {
      onChoose({ kind: 'absolute', from: start, to: end });
    }
  };
  const field = (label: string, value: string, set: (value: string) => void): ReactNode => (
    <label className="flex items-center gap-1.5">
      <span className="w-10 text-ink-2">{label}</span>
      <input
        type="datetime-local"
        value={value}
        aria-describedby={backwards ? id : undefined}
        aria-invalid={backwards}
        onChange={(event) => set(event.target.value)}
        className={`${INPUT} min-w-0 flex-1`}
      />
    </label>
  );
  return (
    <form onSubmit={submit} className="flex flex-col gap-1.5">
      {field(words.from, from, setFrom)}
      {field(words.to, to, setTo)}
      {backwards && (
        <p id={id} className="text-xs text-bad">
          {words.backwards}
        </p>
      )}
      <div className="flex items-center justify-between">
        <span className="text-xs text-ink-3">{zone.replaceAll('_', ' ')}</span>
        <Button type="submit" kind="primary" disabled={start === null || end === null || backwards}>
          {words.apply}
        </Button>
      </div>
    </form>
  );
}
