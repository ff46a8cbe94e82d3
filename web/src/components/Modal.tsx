import { useEffect, useRef, type ReactNode } from 'react';

interface Props {
  label: string;
  open: boolean;
  onClose: () => void;
  /** Whether only a button inside closes it: what it shows cannot be shown again. */
  kept?: boolean;
  className?: string;
  children: ReactNode;
}

/**
 * A modal dialog, built on the browser's `<dialog>`: focus stays inside, Escape and a click outside close it unless it
 * is `kept`.
 */
export function Modal(props: Props): ReactNode {
  const { label, open, onClose, kept = false, className = '', children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (open && element && !element.open) element.showModal();
    if (!open && element?.open) element.close();
  }, [open]);
  return (
    // The browser closes it with Escape; the handlers add clicks on the backdrop, and what is kept.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      aria-label={label}
      // The browser reports every close, and React those of dialogs inside; the caller only needs to hear about Escape.
      onClose={(event) => event.target === event.currentTarget && open && onClose()}
      onClick={(event) => event.target === event.currentTarget && !kept && onClose()}
      // The browser closes a dialog at the second Escape even if its `cancel` is prevented, but not if the key is.
      onKeyDown={(event) => kept && event.key === 'Escape' && event.preventDefault()}
      className={`m-auto mt-[12vh] w-[calc(100vw-24px)] rounded-lg border border-line-strong bg-raised p-0 text-ink ${className}`}
    >
      {open && children}
    </dialog>
  );
}
