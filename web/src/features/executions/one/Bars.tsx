import type { CSSProperties, ReactNode } from 'react';
import { hasFailed, stateLook } from '../state';
import type { Item, Span } from './model';
import type { Scale } from './scale';

/** The shortest bar that can be seen and pressed, in pixels. */
const LEAST = 3;

/** Where a stretch of time is drawn: its left edge and its width. */
export function placed(scale: Scale, { start, end }: Span): { left: number; width: number } {
  const left = Math.min(scale.at(start), scale.width - LEAST);
  return { left, width: Math.max(LEAST, scale.at(end) - left) };
}

/** The bars of an item: waiting hatched, earlier attempts as ghosts, the work solid. */
export function Bars(props: {
  item: Item;
  scale: Scale;
  /** The time of what is inside it, if that may differ from its own. */
  reach: Span | undefined;
  note: ReactNode;
  onSelect: (id: string | undefined) => void;
}): ReactNode {
  const { item, scale, reach } = props;
  const last = item.attempts.at(-1);
  const own = placed(scale, last ?? item);
  const { wait } = item;
  const token = hasFailed(item.status) ? '--failed' : stateLook(item.status).token;
  return (
    <>
      {reach && <i style={placed(scale, reach)} className="absolute top-1/2 h-px bg-line-strong" />}
      {wait && (
        <i
          data-wait={wait.why}
          style={placed(scale, wait)}
          className={`hatched-behind absolute inset-y-2 rounded-sm ${wait.why === 'waiting' ? 'border border-waiting/70 bg-waiting/20' : 'opacity-70'}`}
        />
      )}
      {item.attempts.slice(0, -1).map((attempt, index) => (
        <i
          key={attempt.start}
          data-ghost={index + 1}
          style={placed(scale, attempt)}
          className={`absolute inset-y-1.5 rounded-sm border border-dashed ${hasFailed(attempt.bar.status) ? 'border-failed bg-failed/15' : 'border-line-strong'}`}
        />
      ))}
      <button
        type="button"
        tabIndex={-1}
        aria-hidden="true"
        data-bar={item.id}
        data-critical={item.critical}
        onClick={() => props.onSelect(item.id)}
        style={{
          ...own,
          background: item.kind === 'step' ? `var(${token})` : undefined,
          borderColor: `var(${token})`,
        }}
        className={`absolute inset-y-1.5 rounded-sm ${item.kind === 'step' ? '' : 'border-2 bg-surface'}`}
      />
      {item.critical && item.kind === 'step' && (
        <i style={own} className="absolute bottom-0.5 h-0.5 bg-accent" />
      )}
      {props.note && (
        <span
          style={noteAt(own, scale.width)}
          className="pointer-events-none absolute top-1/2 -translate-y-1/2 truncate text-2xs text-ink-3"
        >
          {props.note}
        </span>
      )}
    </>
  );
}

/** How much room a note should have, in pixels, and its distance from the bar. */
const ROOM = 130;
const GAP = 6;

/** Where a note has room: right of its bar, left of it, or at the end of the bar itself. */
export function noteAt(bar: { left: number; width: number }, width: number): CSSProperties {
  const right = bar.left + bar.width;
  if (width - right >= ROOM) return { left: right + GAP, right: 0 };
  // On the left it may lie over what came before its bar, and at the end over the bar itself.
  const over = { paddingInline: 4, borderRadius: 3, background: 'var(--surface)' };
  if (bar.left >= ROOM) {
    return { right: width - bar.left + 2, maxWidth: bar.left, ...over };
  }
  return {
    right: width - right + GAP,
    maxWidth: bar.width - 2 * GAP,
    ...over,
  };
}
