import { useMemo, type MouseEvent, type ReactNode } from 'react';
import { hasFailed, stateLook } from '../state';
import { placed } from './Bars';
import type { Item } from './model';
import type { Scale } from './scale';

/** The bars of many items as one path for each colour. */
function pathsOf(items: Item[], scale: Scale): Map<string, string> {
  const paths = new Map<string, string>();
  for (const item of items) {
    const token = hasFailed(item.status) ? '--failed' : stateLook(item.status).token;
    const { left, width } = placed(scale, item);
    const bar = `M${left.toFixed(1)} 0h${width.toFixed(1)}v1h-${width.toFixed(1)}z`;
    paths.set(token, (paths.get(token) ?? '') + bar);
  }
  return paths;
}

/** The item at a position, or the nearest one. */
export function itemAt(items: Item[], scale: Scale, x: number): Item | undefined {
  let [found, least]: [Item | undefined, number] = [undefined, Infinity];
  for (const item of items) {
    const { left, width } = placed(scale, item);
    const away = x < left ? left - x : Math.max(0, x - left - width);
    if (away < least) [found, least] = [item, away];
  }
  return found;
}

/** A row with many items, drawn as a picture: pressing it selects the nearest one. */
export function Crowd(props: {
  items: Item[];
  scale: Scale;
  selected: string | undefined;
  onSelect: (id: string | undefined) => void;
}): ReactNode {
  const { items, scale } = props;
  const paths = useMemo(() => pathsOf(items, scale), [items, scale]);
  const selected = items.find(({ id }) => id === props.selected);
  const select = (event: MouseEvent): void => {
    const { left } = event.currentTarget.getBoundingClientRect();
    props.onSelect(itemAt(items, scale, event.clientX - left)?.id);
  };
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-hidden="true"
      onClick={select}
      className="absolute inset-x-0 inset-y-1.5"
    >
      <svg
        width={scale.width}
        height="100%"
        viewBox={`0 0 ${scale.width} 1`}
        preserveAspectRatio="none"
        className="absolute inset-0"
      >
        {[...paths].map(([token, path]) => (
          <path key={token} d={path} fill={`var(${token})`} />
        ))}
      </svg>
      {selected && (
        <i
          style={placed(scale, selected)}
          className="absolute -inset-y-0.5 rounded-sm outline-2 outline-accent"
        />
      )}
    </button>
  );
}
