import { useState, type FocusEvent, type ReactNode } from 'react';
import { Tip } from '@/components/cellTips';
import { squarified, type Box } from '@/lib/treemap';
import { useWidth } from '../executions/useWidth';

/** A part of a whole. */
export interface TreePart {
  id: string;
  name: string;
  figure: string;
  /** What it is and how much, whole. */
  said: string;
  token: string;
  amount: number;
}

/** Attributes of the element that fills a part. */
interface Face {
  className: string;
  label: string;
  title: string;
  children: ReactNode;
}

/** Smaller parts have no room for a name, or for a figure below it. */
const NAME = { width: 44, height: 24 };
const FIGURE_HEIGHT = 44;
/** Parts stand this far apart, and have a stripe of their colour. */
const GAP = 1;
const STRIPE = 3;

/** A whole as rectangles, of an area in proportion to each part; parts are in order, the largest first. */
export function Treemap(props: {
  label: string;
  parts: TreePart[];
  /** In pixels. */
  height: number;
  /** The element that fills a part: a link, if the part leads anywhere. */
  face: (part: TreePart, face: Face) => ReactNode;
}): ReactNode {
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const [shown, setShown] = useState<{ of: Element; text: string } | null>(null);
  const width = useWidth(host);
  const { height } = props;
  const box = { x: 0, y: 0, width, height };
  const boxes =
    width > 0
      ? squarified(
          props.parts.map(({ amount }) => amount),
          box,
        )
      : [];
  const onFocus = ({ target }: FocusEvent): void => {
    if (target.matches(':focus-visible')) {
      setShown({ of: target, text: target.getAttribute('title') ?? '' });
    }
  };
  return (
    <div ref={setHost} className="mx-4 mt-1 mb-3" data-testid="treemap">
      <svg
        role="group"
        aria-label={props.label}
        width="100%"
        className="block"
        height={height}
        onFocus={onFocus}
        onBlur={() => setShown(null)}
        onKeyDown={(event) => event.key === 'Escape' && setShown(null)}
      >
        {props.parts.map((part, index) => {
          const at = boxes[index];
          return at && <Part key={part.id} part={part} box={at} face={props.face} />;
        })}
      </svg>
      {shown && <Tip of={shown.of} text={shown.text} />}
    </div>
  );
}

function Part(props: {
  part: TreePart;
  box: Box;
  face: (part: TreePart, face: Face) => ReactNode;
}): ReactNode {
  const { part, box } = props;
  const inside = {
    x: box.x + GAP / 2,
    y: box.y + GAP / 2,
    width: Math.max(0, box.width - GAP),
    height: Math.max(0, box.height - GAP),
  };
  const named = inside.width >= NAME.width && inside.height >= NAME.height;
  return (
    <g data-part={part.id} data-amount={part.amount}>
      <rect {...inside} fill={`var(${part.token})`} fillOpacity={0.2} />
      <rect
        {...inside}
        height={Math.min(STRIPE, inside.height)}
        fill={`var(${part.token})`}
        aria-hidden="true"
      />
      <foreignObject {...inside}>
        {props.face(part, {
          label: part.said,
          title: part.said,
          className:
            'block size-full px-1.5 pt-1.5 text-xs leading-4 focus-visible:outline-offset-[-2px]',
          children: named && (
            <>
              <bdi className="block truncate font-medium">{part.name}</bdi>
              {inside.height >= FIGURE_HEIGHT && (
                <span className="block truncate text-ink-2">{part.figure}</span>
              )}
            </>
          ),
        })}
      </foreignObject>
    </g>
  );
}
