import * as Tooltip from '@radix-ui/react-tooltip';
import type { ReactNode } from 'react';

/** A tooltip for hover and keyboard focus. The child must accept focus and a ref (a button or a link). */
export function Hint({ text, children }: { text: ReactNode; children: ReactNode }): ReactNode {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-72 rounded-md border border-line-strong bg-raised px-2.5 py-1.5 text-xs text-ink"
        >
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

export const HintProvider = Tooltip.Provider;
