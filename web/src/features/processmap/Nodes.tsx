import { memo, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { compact, duration, exact, figure } from '@/lib/format';
import { processmap as words } from '@/words';
import type { MapNode } from './graph';
import type { Box } from './layout/model';
import { nameOfNode } from './picture';
import { measureOf } from './scale';
import type { Overlay } from './search';

/** How a node looks. */
export interface NodeLook {
  /** The width of its border, in pixels: the more frequent, the wider. */
  border: number;
  /** How strongly it is tinted, 0 to 1, and in which colour. */
  tint: number;
  hue: string;
  /** The colour of its step. */
  color: string;
}

interface NodeProps {
  node: MapNode;
  box: Box;
  look: NodeLook;
  overlay: Overlay;
  lit: boolean;
  open: boolean;
  onOpen: (key: string) => void;
  onHot: (key: string | null) => void;
  onKey: (event: KeyboardEvent, key: string) => void;
}

/** The strongest tint, in percent: text stays readable on it. */
const STRONGEST = 46;

/** One node: a card for a step, a circle for where executions begin or end. */
export const Node = memo(function Node(props: NodeProps): ReactNode {
  const { node, box, open } = props;
  const place: CSSProperties = {
    left: box.x,
    top: box.y,
    width: box.width,
    height: box.height,
  };
  return (
    <button
      type="button"
      data-node={node.key}
      aria-pressed={open}
      onClick={() => props.onOpen(node.key)}
      onPointerEnter={() => props.onHot(node.key)}
      onPointerLeave={() => props.onHot(null)}
      onFocus={() => props.onHot(node.key)}
      onBlur={() => props.onHot(null)}
      onKeyDown={(event) => props.onKey(event, node.key)}
      className={`map-node absolute ${props.lit ? 'lit' : ''} ${open ? 'open' : ''}`}
      style={place}
      {...labelOf(node)}
    >
      {node.step ? <Card {...props} /> : <Circle {...props} />}
    </button>
  );
});

function labelOf(node: MapNode): { 'aria-label': string; title: string } {
  const name = nameOfNode(node);
  const { step } = node;
  const label = step
    ? words.node.label(name, step.runs, figure(step.durationP50, 'milliseconds'))
    : `${name}: ${exact(node.weight)}`;
  return { 'aria-label': label, title: label };
}

/** What the card says below the name: the runs, and the figure of the overlay. */
function figuresOf({ node, overlay }: NodeProps): string[] {
  const { step } = node;
  if (!step) return [];
  const runs = words.node.runs(compact(step.runs));
  const { value, unit } = measureOf(step, overlay);
  const second = {
    frequency: step.durationP50 == null ? null : duration(step.durationP50),
    time: value == null ? null : words.node.total(figure(value, unit)),
    cost: value == null ? null : figure(value, unit),
    failures: value == null ? null : words.node.failedRate(figure(value, unit)),
  }[overlay];
  return second === null ? [runs] : [runs, second];
}

function Card(props: NodeProps): ReactNode {
  const { node, look, open } = props;
  const figures = figuresOf(props);
  // From afar there is room for one: the runs, or what the map is about.
  const far = props.overlay === 'frequency' ? 0 : figures.length - 1;
  return (
    <span
      style={{
        borderWidth: look.border,
        background: `color-mix(in srgb, ${look.hue} ${look.tint * STRONGEST}%, var(--surface))`,
      }}
      className={`relative flex h-full w-full flex-col justify-center overflow-hidden rounded-md border-line-strong py-0.5 pr-2 pl-3 text-left group-data-far/map:pr-1 ${open ? 'border-accent ring-2 ring-accent' : ''}`}
    >
      <span
        aria-hidden="true"
        style={{ background: look.color }}
        className="absolute inset-y-0 left-0 w-1"
      />
      <bdi className="line-clamp-2 leading-[1.2] font-medium break-words group-data-far/map:text-[16px] group-data-far/map:leading-[1.1]">
        {nameOfNode(node)}
      </bdi>
      <span className="flex justify-between gap-2 text-xs whitespace-nowrap text-ink group-data-far/map:text-[14px] group-data-far/map:leading-[1.15]">
        {figures.map((text, index) => (
          <span
            key={text}
            className={`truncate ${index === far ? '' : 'group-data-far/map:hidden'}`}
          >
            {text}
          </span>
        ))}
      </span>
    </span>
  );
}

const CIRCLES = {
  start: { look: 'border-ink-2 text-ink-2', icon: 'play' },
  end: { look: 'border-completed text-completed', icon: 'check' },
  failed: { look: 'border-failed text-failed', icon: 'cross' },
  dropped: { look: 'border-canceled text-ink-3', icon: 'slash' },
} as const;

function Circle({ node, open }: NodeProps): ReactNode {
  if (node.kind === 'step') return null;
  const { look, icon } = CIRCLES[node.kind];
  return (
    <>
      <span
        className={`flex h-full w-full items-center justify-center rounded-full border-2 bg-surface ${look} ${open ? 'ring-2 ring-accent' : ''}`}
      >
        <Icon name={icon} size={13} />
      </span>
      <span className="absolute top-full left-1/2 flex -translate-x-1/2 flex-col text-center text-2xs leading-4 whitespace-nowrap text-ink-2 group-data-far/map:text-[15px]">
        <span>{nameOfNode(node)}</span>
        {node.kind !== 'start' && <span className="font-medium">{compact(node.weight)}</span>}
      </span>
    </>
  );
}
