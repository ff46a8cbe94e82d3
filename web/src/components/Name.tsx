import type { ReactNode } from 'react';

/**
 * A name that a user gave: of a workflow, step, project, person or key. Right-to-left marks in it do not reorder the
 * text around it. It breaks anywhere rather than widen the page, or, with `cut`, ends in an ellipsis and shows itself whole on hover.
 */
export function Name({ of, cut = false }: { of: string; cut?: boolean }): ReactNode {
  return (
    <bdi
      title={cut ? of : undefined}
      className={cut ? 'inline-block max-w-full truncate align-bottom' : 'wrap-anywhere'}
    >
      {of}
    </bdi>
  );
}
