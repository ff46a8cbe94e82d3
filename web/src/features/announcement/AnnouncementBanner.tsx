import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { announcementQuery, type Announcement } from '@/api/announcement';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { dateTime } from '@/lib/zone';
import { announcement as words } from '@/words';
import { useZone } from '../zone';
import { dismiss, dismissedIds } from './dismissed';

/** What the operator tells everyone, above the page, until it is over or dismissed. */
export function AnnouncementBanner(): ReactNode {
  const { data } = useQuery(announcementQuery);
  const [dismissed, setDismissed] = useState(dismissedIds);
  const shown = data?.announcement;
  return (
    // It is there before its content, so that screen readers say what appears in it.
    <div role="status" data-testid="announcement">
      {shown && !dismissed.includes(shown.id) && (
        <Banner announcement={shown} onDismiss={() => setDismissed(dismiss(shown.id))} />
      )}
    </div>
  );
}

function Banner(props: { announcement: Announcement; onDismiss: () => void }): ReactNode {
  const { text, level, endsAt } = props.announcement;
  const zone = useZone();
  const warning = level === 'warning';
  const look = warning ? 'bg-warn-soft text-warn' : 'bg-accent-soft text-ink';
  return (
    <div className={`flex items-start gap-2 border-b px-3 py-1.5 md:px-4 xl:px-6 ${look}`}>
      <span className="mt-1">
        <Icon name={warning ? 'warning' : 'megaphone'} />
      </span>
      <p className="min-w-0 flex-1 py-0.5 wrap-anywhere">
        <strong className="font-medium">{warning ? words.warning : words.info}:</strong>{' '}
        <bdi>{text}</bdi>
        {endsAt && (
          <span className="text-xs whitespace-nowrap">
            {' '}
            {words.until(dateTime(Date.parse(endsAt), zone))}
          </span>
        )}
      </p>
      <Button small kind="quiet" aria-label={words.dismiss} onClick={props.onDismiss}>
        <Icon name="cross" size={14} />
      </Button>
    </div>
  );
}
