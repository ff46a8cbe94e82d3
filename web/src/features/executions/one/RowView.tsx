import { memo, type ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { StatusIcon } from '@/components/StatusIcon';
import { duration, exact, money } from '@/lib/format';
import { executions as words } from '@/words';
import { stateLook, hasFailed } from '../state';
import { Bars, NoteText, type Note } from './Bars';
import { Crowd } from './Crowd';
import type { Row } from './layout';
import type { Item, Span } from './model';
import type { Scale } from './scale';
import type { Inside } from './useItems';

interface Props {
  row: Row;
  index: number;
  count: number;
  height: number;
  names: number;
  /** Whether notes have a line of their own below the bars, where these have little room. */
  stacked: boolean;
  scale: Scale;
  /** Whether the keyboard is at this row. */
  at: boolean;
  /** The item of this row whose details are open. */
  selected: string | undefined;
  open: boolean;
  state: Inside;
  reach: ReadonlyMap<string, Span>;
  onToggle: (item: Item) => void;
  onSelect: (id: string | undefined) => void;
}

/** How far a row is indented for each level, in pixels; less where names have little room. */
const indentIn = (names: number): number => (names < 200 ? 7 : 14);
/** The height of a line of notes, in pixels. */
const NOTES = 16;
/** A row with more items than this draws them as one picture. */
const CROWD = 12;

/** One row of a waterfall: its name, and its bars over time. */
export const RowView = memo(function RowView(props: Props): ReactNode {
  const { row, names, height, scale, stacked } = props;
  const [item] = row.items;
  if (!item) return null;
  const indent = 8 + Math.min(row.depth, 8) * indentIn(names);
  const note = row.items.length === 1 ? noteOf(item, props) : null;
  const line = stacked ? height - NOTES : height;
  return (
    <li
      aria-level={row.depth + 1}
      aria-setsize={props.count}
      aria-posinset={props.index + 1}
      data-step={item.id}
      data-at={props.at}
      style={{ top: props.index * height, height }}
      className={`absolute inset-x-0 flex items-center hover:bg-sunken/70 data-[at=true]:bg-accent-soft ${props.selected ? 'bg-accent-soft' : ''}`}
    >
      <div
        style={{ width: names, paddingLeft: indent, paddingBottom: height - line }}
        className="flex h-full shrink-0 items-center gap-1 overflow-hidden pr-2"
      >
        <Toggle {...props} item={item} />
        <NameButton {...props} item={item} />
      </div>
      <div
        className="relative min-w-0 flex-1 self-start"
        style={{ maxWidth: scale.width, height: line }}
      >
        {row.items.length > CROWD && (
          <Crowd
            items={row.items}
            scale={scale}
            selected={props.selected}
            onSelect={props.onSelect}
          />
        )}
        {(row.items.length > CROWD ? [] : row.items).map((each) => (
          <Bars
            key={each.id}
            item={each}
            scale={scale}
            reach={row.opens ? props.reach.get(each.id) : undefined}
            note={stacked ? null : note}
            onSelect={props.onSelect}
          />
        ))}
      </div>
      {stacked && note && (
        <p
          style={{ paddingLeft: indent + 24, height: NOTES }}
          className="pointer-events-none absolute inset-x-0 bottom-0 truncate pr-2 text-2xs leading-4 text-ink-3"
        >
          <NoteText note={note} plain={false} />
        </p>
      )}
    </li>
  );
});

function Toggle(props: Props & { item: Item }): ReactNode {
  const { row, item, open } = props;
  if (!row.opens) return <span className="w-5 shrink-0" />;
  const label = open ? words.waterfall.collapse(item.name) : words.waterfall.expand(item.name);
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-label={label}
      onClick={() => props.onToggle(item)}
      className="flex size-5 shrink-0 items-center justify-center rounded text-ink-3 hover:text-ink pointer-coarse:size-10"
    >
      <span className={open ? '' : '-rotate-90'}>
        <Icon name="chevron" size={11} />
      </span>
    </button>
  );
}

function NameButton(props: Props & { item: Item }): ReactNode {
  const { item, selected } = props;
  const look = stateLook(item.status);
  const said = [look.label, duration(item.end - item.start)].join(', ');
  return (
    <button
      type="button"
      aria-pressed={selected === item.id}
      title={item.name}
      onClick={() => props.onSelect(selected === item.id ? undefined : item.id)}
      className="flex h-full min-w-0 flex-1 items-center gap-1.5 rounded text-left"
    >
      <span className="flex shrink-0">
        <StatusIcon glyph={look.glyph} token={look.token} />
      </span>
      <bdi className={`min-w-0 truncate ${item.kind === 'step' ? '' : 'font-medium'}`}>
        {item.name}
      </bdi>
      {item.runs !== undefined && (
        <span className="shrink-0 text-xs text-ink-3">× {exact(item.runs)}</span>
      )}
      <span className="sr-only">, {said}</span>
    </button>
  );
}

/** A figure of all attempts of an item. */
export const sumOf = (item: Item, field: 'cost' | 'inputTokens' | 'outputTokens'): number =>
  item.attempts.reduce((sum, { bar }) => sum + (bar[field] ?? 0), 0);

/** What stands beside the bar of an item: its time, and what else there is to say in a few words. */
function noteOf(item: Item, props: Props): Note {
  if (props.state === 'loading') return { text: words.waterfall.childLoading };
  if (props.state === 'failed') return { text: '', bad: words.waterfall.childFailed };
  if (props.state === 'empty' && props.open) return { text: words.waterfall.noChildSteps };
  const bar = item.attempts.at(-1)?.bar;
  const tokens = sumOf(item, 'inputTokens') + sumOf(item, 'outputTokens');
  const cost = sumOf(item, 'cost');
  const took = item.end - item.start;
  const waited = Math.min(item.waited, took);
  const parts = [
    duration(took),
    waited > 0 && words.waterfall.waited(waited < took ? duration(waited) : null),
    item.attempts.length > 1 ? words.waterfall.attempts(item.attempts.length) : null,
    bar && (bar.itemsIn != null || bar.itemsOut != null)
      ? words.waterfall.items(bar.itemsIn ?? null, bar.itemsOut ?? null)
      : null,
    bar?.cacheHit ? words.waterfall.cached : null,
    cost > 0 ? money(cost) : null,
    tokens > 0 ? words.waterfall.tokens(tokens) : null,
  ].filter(Boolean);
  const message = hasFailed(item.status) ? (bar?.errorMessage ?? bar?.errorType) : null;
  return { text: parts.join(' · '), bad: message ?? undefined };
}
