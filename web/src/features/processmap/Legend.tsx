import type { ReactNode } from 'react';
import { durationTrimmed } from '@/lib/format';
import { processmap as words } from '@/words';
import { colorOfShade, type WaitScale } from './scale';
import type { Overlay } from './search';

/** What widths, colours and tints of the map mean. */
export function Legend(props: {
  waits: WaitScale;
  overlay: Overlay;
  compared: boolean;
  back: boolean;
}): ReactNode {
  const { waits, overlay } = props;
  const item = 'inline-flex items-center gap-1.5';
  return (
    <ul className="flex flex-wrap items-center gap-x-5 gap-y-1 border-t px-4 py-2 text-xs text-ink-2">
      <li className={item}>
        <svg aria-hidden="true" width={34} height={10}>
          <path d="M0 5.5L34 1v8z" fill="var(--wait-0)" />
        </svg>
        {words.legend.thick}
      </li>
      {props.compared ? (
        <>
          <li className={item}>
            <Swatch color="var(--more-a)" /> {words.legend.moreA}
          </li>
          <li className={item}>
            <Swatch color="var(--more-b)" /> {words.legend.moreB}
          </li>
        </>
      ) : (
        <>
          {waits.from.length > 0 && <Waiting waits={waits} />}
          <li className={item}>
            <span
              aria-hidden="true"
              className="h-2.5 w-10 rounded-sm border"
              style={{
                background: `linear-gradient(to right, var(--surface), color-mix(in srgb, var(--tint-${overlay}) 60%, var(--surface)))`,
              }}
            />
            {words.legend.tint(words.overlay[overlay])}
          </li>
        </>
      )}
      {props.back && (
        <li className={item}>
          <svg aria-hidden="true" width={34} height={10}>
            <path d="M0 5h34" stroke="var(--ink-3)" strokeWidth={2} strokeDasharray="6 4" />
          </svg>
          {words.legend.back}
        </li>
      )}
      <li className="ml-auto text-ink-3 max-md:hidden">{words.zoom.hint}</li>
    </ul>
  );
}

function Swatch({ color }: { color: string }): ReactNode {
  return (
    <span aria-hidden="true" className="h-1.5 w-6 rounded-full" style={{ background: color }} />
  );
}

function Waiting({ waits }: { waits: WaitScale }): ReactNode {
  const begins = [null, ...waits.from];
  return (
    <li className="inline-flex items-center gap-1.5">
      {words.legend.wait}
      <span className="inline-flex flex-wrap">
        {begins.map((begin, shade) => (
          <span key={begin ?? 'little'} className="flex flex-col items-start">
            <span
              aria-hidden="true"
              className="h-1.5 w-14"
              style={{ background: `var(--wait-${colorOfShade(shade, waits)})` }}
            />
            <span className="text-2xs leading-3.5 text-ink-3">
              {begin === null ? words.legend.noWait : `≥ ${durationTrimmed(begin)}`}
            </span>
          </span>
        ))}
      </span>
    </li>
  );
}
