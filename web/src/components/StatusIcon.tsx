import type { ReactNode } from 'react';
import type { StatusGlyph } from '@/lib/status';
import { Icon } from './Icon';

/** The icon of a status in its colour, so that colour is never the only cue. */
export function StatusIcon({ glyph, token }: { glyph: StatusGlyph; token: string }): ReactNode {
  return (
    <span
      aria-hidden="true"
      style={{ color: `var(${token})` }}
      className="inline-flex size-4 items-center justify-center rounded-full border border-current"
    >
      <Icon name={glyph} size={10} />
    </span>
  );
}
