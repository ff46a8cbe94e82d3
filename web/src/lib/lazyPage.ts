import {
  createElement,
  use,
  type ComponentType,
  type FunctionComponent,
  type ReactNode,
} from 'react';

/** Thrown by a page whose code cannot be loaded. */
export class CodeMissing extends Error {
  /** Whether the server answers: then it is another version, which has other files. */
  readonly outdated: boolean;

  constructor(outdated: boolean) {
    super(outdated ? 'the server has another version' : 'the server does not answer');
    this.name = 'CodeMissing';
    this.outdated = outdated;
  }
}

/** Whether the server answers at all. */
export async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch('/favicon.svg', { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

/**
 * A page whose code is loaded when it is first opened. The router's own would reload the whole application if that
 * fails, and leave the browser's error page in its place; this throws `CodeMissing`, so the frame stays.
 */
export function lazyPage<Name extends string>(
  load: () => Promise<Record<Name, ComponentType>>,
  name: Name,
): FunctionComponent & { preload: () => Promise<void> } {
  let page: ComponentType | undefined;
  let failure: CodeMissing | undefined;
  let loading: Promise<void> | undefined;
  const attempt = async (): Promise<void> => {
    try {
      page = (await load())[name];
    } catch {
      failure = new CodeMissing(await serverAnswers());
    }
  };
  const preload = (): Promise<void> => (loading ??= attempt());
  function Page(): ReactNode {
    if (failure) throw failure;
    if (!page) use(preload());
    return page && createElement(page);
  }
  return Object.assign(Page, { preload });
}
