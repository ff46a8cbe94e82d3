import { useEffect, useRef, type ReactNode } from 'react';

interface Props {
  label: string;
  open: boolean;
  onClose: () => void;
  className?: string;
  children: ReactNode;
}

/** A modal dialog, built on the browser's `<dialog>`: focus stays inside, Escape and a click outside close it. */
export function Modal({ label, open, onClose, className = '', children }: Props): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (open && element && !element.open) element.showModal();
    if (!open && element?.open) element.close();
  }, [open]);
  return (
    // The keyboard closes it with Escape; the click handler only adds clicks on the backdrop.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      aria-label={label}
      // The browser reports every close; the caller only needs to hear about Escape.
      onClose={() => open && onClose()}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={`m-auto mt-[12vh] w-[calc(100vw-24px)] rounded-lg border border-line-strong bg-raised p-0 text-ink ${className}`}
    >
      {open && children}
    </dialog>
  );
}
