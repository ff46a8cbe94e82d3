import { useRef, useState, type ReactNode, type RefObject } from 'react';
import { components } from '@/words';
import { Button } from './Button';
import { Icon } from './Icon';

const words = components.copy;

/** Copies a text that a `pre` element shows: the element's ref, whether it has been copied, and the action. */
function useCopy(text: string): {
  box: RefObject<HTMLPreElement | null>;
  copied: boolean;
  copy: () => void;
} {
  const box = useRef<HTMLPreElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    // Over plain HTTP from another machine, browsers deny access to the clipboard: select the text instead.
    if (!window.isSecureContext) {
      if (box.current) window.getSelection()?.selectAllChildren(box.current);
      return;
    }
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return { box, copied, copy: () => void copy() };
}

/** A text with a button that copies it. A long text scrolls inside its box. */
export function CopyText(props: {
  label: string;
  text: string;
  testId?: string;
  className?: string;
}): ReactNode {
  const { box, copied, copy } = useCopy(props.text);
  return (
    <div className={`flex min-w-0 items-start gap-2 ${props.className ?? ''}`}>
      <pre
        ref={box}
        // It takes focus so that the keyboard can scroll it.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={props.label}
        data-testid={props.testId}
        className="min-w-0 flex-1 overflow-x-auto rounded-md border bg-sunken px-3 py-1.5 font-mono text-xs leading-5"
      >
        {props.text}
      </pre>
      <Button onClick={copy} aria-label={words.what(props.label)}>
        <Icon name={copied ? 'check' : 'copy'} size={14} />
        <span aria-live="polite">{copied ? words.copied : words.copy}</span>
      </Button>
    </div>
  );
}

/** A button that downloads a text as a file. */
export function DownloadText(props: {
  name: string;
  text: string;
  children: ReactNode;
}): ReactNode {
  const download = (): void => {
    const address = URL.createObjectURL(new Blob([props.text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = props.name;
    link.click();
    URL.revokeObjectURL(address);
  };
  return <Button onClick={download}>{props.children}</Button>;
}
