import type { ReactNode } from 'react';
import { Button } from '@/components/Button';
import { processmap as words } from '@/words';
import { OVERLAYS, type Overlay } from './search';
import { useMapSearch, useSetMap } from './state';

const ALL: Overlay[] = ['frequency', ...OVERLAYS];

/** Chooses what the tint of the steps shows. */
export function OverlayChoice({ overlay, cost }: { overlay: Overlay; cost: boolean }): ReactNode {
  const setMap = useSetMap();
  return (
    <div role="group" aria-label={words.overlay.label} className="flex flex-wrap gap-0.5">
      {ALL.filter((choice) => choice !== 'cost' || cost || overlay === 'cost').map((choice) => (
        <Button
          key={choice}
          kind="quiet"
          small
          aria-pressed={choice === overlay}
          onClick={() => setMap({ tint: choice === 'frequency' ? undefined : choice })}
        >
          {words.overlay[choice]}
        </Button>
      ))}
    </div>
  );
}

/** Turns the tokens on and off; absent where the system asks for less motion. */
export function MotionSwitch(): ReactNode {
  const { motion } = useMapSearch();
  const setMap = useSetMap();
  return (
    <Button
      kind="quiet"
      small
      aria-pressed={motion === 'on'}
      className="motion-reduce:hidden"
      onClick={() => setMap({ motion: motion === 'on' ? undefined : 'on' })}
    >
      {words.animate}
    </Button>
  );
}

/** The slider from the main path to everything. */
export function DetailSlider(props: {
  detail: number;
  onChange: (detail: number) => void;
}): ReactNode {
  const { detail } = props;
  return (
    <label className="flex items-center gap-2 text-xs text-ink-2">
      <span className="sr-only">{words.detail.label}</span>
      <span aria-hidden="true">{words.detail.least}</span>
      <input
        type="range"
        min={0}
        max={100}
        step={5}
        value={detail}
        aria-valuetext={words.detail.value(detail)}
        onChange={(event) => props.onChange(Number(event.target.value))}
        className="w-36 accent-accent max-sm:w-24 pointer-coarse:h-10"
      />
      <span aria-hidden="true">{words.detail.most}</span>
    </label>
  );
}
