import * as Popover from '@radix-ui/react-popover';
import type { ReactNode } from 'react';
import { buttonClass } from './Button';

interface Props {
  label: string;
  trigger: ReactNode;
  children: ReactNode;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  kind?: 'quiet' | 'outline';
  className?: string;
  testId?: string;
}

/** A button that opens a panel below it; Escape closes the panel and returns the focus to the button. */
export function Pop(props: Props): ReactNode {
  return (
    <Popover.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Popover.Trigger
        aria-label={props.label}
        title={props.label}
        data-testid={props.testId}
        className={`${buttonClass(props.kind ?? 'outline')} max-w-full ${props.className ?? ''}`}
      >
        {props.trigger}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={props.label}
          className="z-40 max-h-[var(--radix-popover-content-available-height)] max-w-[calc(100vw-16px)] overflow-auto rounded-lg border border-line-strong bg-raised"
        >
          {props.children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
