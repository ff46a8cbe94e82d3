import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClass } from '@/components/Button';
import { Icon } from '@/components/Icon';
import type { Frame } from '@/lib/answer';
import { frameOf } from '@/lib/search';
import { chart as words } from '@/words';
import { frameParams, searchOf, type Explored } from './query';

/** Opens the query of a card on the page Explore, with the range and the filters that the card has. */
export function ExploreLink(props: Explored & { title: string; frame: Frame }): ReactNode {
  const { title, frame, query } = props;
  const label = words.explore(title);
  return (
    <Link
      to="/explore"
      search={(previous) => ({
        ...frameOf(previous),
        ...frameParams(frame, query),
        ...searchOf(props),
      })}
      aria-label={label}
      title={label}
      data-explore
      className={buttonClass('quiet', true)}
    >
      <Icon name="explore" size={14} />
    </Link>
  );
}
