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

/** What stands beside a bar: a text, and what went wrong. */
export interface Note {
  text: string;
  bad?: string;
}

/** How much of a bar is waiting, from 0 to 1. */
export const waitingShare = (waited: number, length: number): number =>
  length > 0 ? Math.min(1, waited / length) : 0;

/** The part of a bar that waited: hatched, over the colour of what is behind it. It comes first, because nothing says when. */
export function Waiting({ share }: { share: number }): ReactNode {
  if (share <= 0) return null;
  return (
    <i
      data-waiting={share}
      style={{ width: `${100 * share}%` }}
      className="hatched-behind absolute inset-y-0 left-0 rounded-l-[1px] bg-surface"
    />
  );
}

/** The bars of an item: waiting hatched, earlier attempts as ghosts, the work solid, and what contains others faint. */
export function Bars(props: {
  item: Item;
  scale: Scale;
  /** The time of what is inside it, if that may differ from its own. */
  reach: Span | undefined;
  note: Note | null;
  onSelect: (id: string | undefined) => void;
}): ReactNode {
  const { item, scale, reach, note } = props;
  const last = item.attempts.at(-1);
  const own = placed(scale, last ?? item);
  const { wait } = item;
  const length = last ? last.end - last.start : 0;
  const contains = reach !== undefined && item.kind === 'step';
  const token = hasFailed(item.status) ? '--failed' : stateLook(item.status).token;
  const place =
    note && noteAt(own, scale.width, roomFor(note.text + (note.bad ?? '')), Boolean(reach));
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
        className={`absolute inset-y-1.5 overflow-hidden rounded-sm ${item.kind === 'step' ? (contains ? 'border opacity-45' : 'border') : 'border-2 bg-surface'}`}
      >
        <Waiting share={waitingShare(last?.bar.waitDuration ?? 0, length)} />
      </button>
      {item.critical && item.kind === 'step' && (
        <i style={own} className="absolute bottom-0.5 h-0.5 bg-accent" />
      )}
      {note && place && (
        <span
          style={{ ...place.style, ...(place.inside && inksOn(item, token, contains)) }}
          className={`pointer-events-none absolute top-1/2 -translate-y-1/2 truncate text-2xs text-ink-3 ${place.inside ? 'leading-3' : ''}`}
        >
          <NoteText note={note} plain={place.inside} />
        </span>
      )}
    </>
  );
}

/** A note; `plain` where its colours depend on what is behind it. */
export function NoteText({ note, plain }: { note: Note; plain: boolean }): ReactNode {
  const { text, bad } = note;
  const color = plain ? '' : 'text-bad';
  return (
    <>
      {text}
      {bad && <bdi className={`${color} ${text ? 'ml-1.5' : ''}`}>{bad}</bdi>}
    </>
  );
}

/** The colours of a note on its own bar: a shade of the bar, which stays in one piece, or paper where it is hatched. */
export const inkOn = (bar: string, waited: number): CSSProperties =>
  waited > 0.5
    ? { background: 'var(--surface)' }
    : { background: `color-mix(in srgb, ${bar} 45%, black)`, color: 'white' };

function inksOn(item: Item, token: string, contains: boolean): CSSProperties {
  const last = item.attempts.at(-1);
  if (item.kind !== 'step') return { background: 'var(--surface)' };
  return contains
    ? { background: `color-mix(in srgb, var(${token}) 45%, var(--surface))`, color: 'var(--ink)' }
    : inkOn(
        `var(${token})`,
        last ? waitingShare(last.bar.waitDuration ?? 0, last.end - last.start) : 0,
      );
}

/** The room that a note should have at most, its distance from the bar, and the width of a letter, in pixels. */
const ROOM = 130;
const GAP = 6;
const LETTER = 6;

/** The room that a text beside a bar should have, in pixels. */
export const roomFor = (text: string): number => Math.min(ROOM, text.length * LETTER + 2 * GAP);

/** Where a note has room: right of its bar, left of it, or inside the bar at its end. */
export function noteAt(
  bar: { left: number; width: number },
  width: number,
  room: number,
  /** Whether a line is drawn on either side of the bar. */
  lined: boolean,
): { style: CSSProperties; inside: boolean } {
  const right = bar.left + bar.width;
  const box = { paddingInline: 4, borderRadius: 3 };
  const over = { ...box, background: 'var(--surface)' };
  if (width - right >= room) {
    const style = lined
      ? { left: right + 2, maxWidth: width - right - 2, ...over }
      : { left: right + GAP, right: 0 };
    return { style, inside: false };
  }
  // On the left it may lie over what came before its bar, and at the end over the bar itself.
  if (bar.left >= room && bar.left >= Math.min(bar.width, 2 * room)) {
    const style = { right: width - bar.left + 2, maxWidth: bar.left, ...over };
    return { style, inside: false };
  }
  const style = { right: width - right + GAP, maxWidth: bar.width - 2 * GAP, ...box };
  return { style, inside: true };
}
