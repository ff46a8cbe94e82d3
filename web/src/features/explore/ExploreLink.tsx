import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClass } from '@/components/Button';
import { Icon } from '@/components/Icon';
import type { Frame } from '@/lib/answer';
import { frameOf } from '@/lib/search';
import { chart as words } from '@/words';
import type { CardQuery } from '../useCardQuery';
import { frameParams, searchOf } from './query';
import type { Kind } from './search';

/**
 * Opens the query of a card on the page Explore, with the range and the filters of the card's answer. Until there is one,
 * the place is kept, so that nothing moves when it comes.
 */
export function ExploreLink(props: {
  title: string;
  /** What the answer was asked with. */
  frame: Frame | undefined;
  query: CardQuery | ((frame: Frame) => CardQuery);
  chart?: Kind;
  className?: string;
}): ReactNode {
  const { title, frame, chart, className = '' } = props;
  const look = `${buttonClass('quiet', true)} ${className}`;
  const icon = <Icon name="explore" size={14} />;
  if (!frame) return <span className={`invisible ${look}`}>{icon}</span>;
  const query = typeof props.query === 'function' ? props.query(frame) : props.query;
  const label = words.explore(title);
  return (
    <Link
      to="/explore"
      search={(previous) => ({
        ...frameOf(previous),
        ...frameParams(frame, query),
        ...searchOf({ query, chart }),
      })}
      aria-label={label}
      title={label}
      data-explore
      className={look}
    >
      {icon}
    </Link>
  );
}
