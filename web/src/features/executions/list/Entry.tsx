import { useState, type FormEvent, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { INPUT } from '@/components/form/fields';
import { duration } from '@/lib/format';
import { executions as words, figures } from '@/words';
import { durationFrom } from './filters';

/** What a typed value is. */
export type EntryKind = 'text' | 'duration' | 'money';

/** The text that an entry stands for in the URL; null if it is not valid. */
export function meant(kind: EntryKind, text: string): string | null {
  const trimmed = text.trim();
  if (kind === 'text') return trimmed || null;
  if (kind === 'money') {
    return /^\d{1,12}(\.\d{1,9})?$/.test(trimmed) && Number(trimmed) > 0 ? trimmed : null;
  }
  const ms = durationFrom(trimmed);
  return ms === null ? null : String(ms);
}

function shownAs(kind: EntryKind, value: string): string {
  if (kind !== 'duration') return value;
  const shown = duration(Number(value));
  // A duration of two units cannot be typed back: it is shown in milliseconds.
  const text = durationFrom(shown) === null ? figures.milliseconds(value) : shown;
  return text.replaceAll('\u00a0', ' ');
}

/** A field for the value of a filter. */
export function TextEntry(props: {
  id: string;
  name: string;
  kind: EntryKind;
  value: string | undefined;
  hint?: string;
  onSet: (value: string) => void;
}): ReactNode {
  const { kind, name, value } = props;
  const [text, setText] = useState(value === undefined ? '' : shownAs(kind, value));
  const [refused, setRefused] = useState(false);
  const problem =
    kind === 'money' ? words.filtering.invalidAmount : words.filtering.invalidDuration;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const next = meant(kind, text);
    if (next === null && kind !== 'text') return setRefused(true);
    if (next !== null) props.onSet(next);
  };
  const id = `filter-${props.id}`;
  return (
    <form onSubmit={submit} className="flex w-72 max-w-full flex-col gap-1 p-2.5">
      <label htmlFor={id} className="text-xs font-medium text-ink-2">
        {name}
      </label>
      <div className="flex gap-1.5">
        <input
          id={id}
          value={text}
          maxLength={300}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={refused}
          aria-describedby={refused || props.hint ? `${id}-note` : undefined}
          onChange={(event) => {
            setText(event.target.value);
            setRefused(false);
          }}
          className={INPUT}
        />
        <Button kind="primary" type="submit" className="h-9!">
          {words.filtering.apply}
        </Button>
      </div>
      {(refused || props.hint) && (
        <p
          id={`${id}-note`}
          role={refused ? 'alert' : undefined}
          className={`text-xs ${refused ? 'text-bad' : 'text-ink-3'}`}
        >
          {refused ? problem : props.hint}
        </p>
      )}
    </form>
  );
}
