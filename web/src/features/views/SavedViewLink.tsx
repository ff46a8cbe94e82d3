import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SavedView } from '@/api/savedViews';
import { addressOf } from '@/lib/savedPage';
import { followLink } from '../followLink';

/** A link that opens a saved view. */
export function SavedViewLink(props: {
  view: SavedView;
  projectId: string;
  current?: boolean;
  title?: string;
  className: string;
  onFollow?: () => void;
  children: ReactNode;
}): ReactNode {
  const router = useRouter();
  const href = addressOf(props.view.page, props.projectId);
  return (
    <a
      href={href}
      title={props.title}
      aria-current={props.current ? 'page' : undefined}
      className={props.className}
      onClick={(event) =>
        followLink(event, () => {
          props.onFollow?.();
          router.history.push(href);
        })
      }
    >
      {props.children}
    </a>
  );
}
