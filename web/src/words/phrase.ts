import { createElement, Fragment, type ReactNode } from 'react';

/** A sentence with names, links or other elements in it, as one text: another language may put them elsewhere. */
export function phrase(texts: TemplateStringsArray, ...parts: ReactNode[]): ReactNode {
  const said = texts.flatMap((text, index) => [text, parts[index]]);
  return createElement(Fragment, null, ...said);
}
