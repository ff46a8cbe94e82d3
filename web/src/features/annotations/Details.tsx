import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Annotation } from '@/api/annotations';
import { Button, buttonClass } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { annotations as words } from '@/words';
import { usePermission } from '../session';
import type { View } from '../view';
import { Author } from './Author';
import { Kind } from './Kind';
import { chartsOf, whenOf } from './target';

/** The host of an address, for a link that says where it leads. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

/** A link to the page that an annotation names; opens elsewhere. */
export function PageLink({ url }: { url: string }): ReactNode {
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="touch-target inline-flex max-w-full items-center gap-1 rounded text-accent hover:underline"
    >
      <Icon name="external" size={12} />
      <span className="truncate">{words.page(hostOf(url))}</span>
    </a>
  );
}

/** Everything that an annotation says, and what can be done with it. */
export function Details(props: {
  view: View;
  annotation: Annotation;
  workflow: string | undefined;
  onChange: () => void;
  onDelete: () => void;
}): ReactNode {
  const { view, annotation } = props;
  const { kind, title, description, url, environment, version, author } = annotation;
  const allowed = usePermission(view.project, 'manage_annotations');
  const facts = [
    <Name key="workflow" of={props.workflow ?? words.every} />,
    <Name key="environment" of={environment ?? words.everywhere} />,
    ...(version ? [<Name key="version" of={words.version(version)} />] : []),
  ];
  return (
    <article className="flex flex-col gap-2" data-testid="annotation">
      <h3 className="text-base font-semibold">
        <Name of={title} />
      </h3>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
        <Kind of={kind} />
        <span>{whenOf(annotation, view.zone)}</span>
      </p>
      <p className="flex flex-wrap gap-x-3 text-xs text-ink-3">
        {facts}
        <span>
          {words.columns.author} <Author of={author} />
        </span>
      </p>
      {description && <p className="wrap-anywhere whitespace-pre-wrap">{description}</p>}
      {url && <PageLink url={url} />}
      <div className="flex flex-wrap gap-2 pt-1">
        <Link {...chartsOf(annotation, view)} className={buttonClass()}>
          {words.charts}
        </Link>
        {allowed && (
          <>
            <Button onClick={props.onChange}>{words.change}</Button>
            <Button onClick={props.onDelete}>{words.delete}</Button>
          </>
        )}
      </div>
    </article>
  );
}
