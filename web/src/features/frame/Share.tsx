import { useLocation } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { CopyText } from '@/components/Copy';
import { Icon } from '@/components/Icon';
import { Pop } from '@/components/Pop';
import { openPanel, usePanel } from '@/lib/panel';
import { rangeLabel } from '@/lib/range';
import { stringifySearch } from '@/lib/search';
import { frame, views } from '@/words';
import { useView } from '../view';
import { sharedSearch, type Sharing } from './share';

const words = frame.share;

/** A link to this page for someone else: whether its range stands still, and whose time zone it is in. */
export function Share(): ReactNode {
  const [open, setOpen] = usePanel('share');
  return (
    <Pop
      label={words.label}
      kind="quiet"
      testId="share"
      open={open}
      onOpenChange={setOpen}
      trigger={<Icon name="link" size={14} />}
    >
      <Choices />
    </Pop>
  );
}

function Choices(): ReactNode {
  const view = useView();
  const { pathname, search, hash } = useLocation();
  const [sharing, setSharing] = useState<Sharing>({ pinned: false, zone: false });
  const fixed = view.range.kind === 'absolute';
  const address =
    window.location.origin +
    pathname +
    stringifySearch({ ...sharedSearch(search, view, sharing) }) +
    (hash && `#${hash}`);
  const now = rangeLabel({ kind: 'absolute', ...view.bounds }, view.zone);
  const zone = view.zone.replaceAll('_', ' ');
  return (
    <div className="flex w-96 max-w-full flex-col gap-3 p-3">
      {!fixed && (
        <Choice
          legend={words.range}
          name="range"
          options={[words.moving(rangeLabel(view.range, view.zone)), words.pinned(now)]}
          second={sharing.pinned}
          onChoose={(pinned) => setSharing({ ...sharing, pinned })}
        />
      )}
      <Choice
        legend={words.zone}
        name="zone"
        options={[words.ownZone, words.thisZone(zone)]}
        second={sharing.zone}
        onChoose={(next) => setSharing({ ...sharing, zone: next })}
      />
      <CopyText label={words.link} text={address} testId="shared-link" />
      <Button className="self-start" onClick={() => openPanel('save-view')}>
        <Icon name="bookmark" size={14} /> {views.save}
      </Button>
    </div>
  );
}

function Choice(props: {
  legend: string;
  name: string;
  options: [string, string];
  second: boolean;
  onChoose: (second: boolean) => void;
}): ReactNode {
  return (
    <fieldset className="flex flex-col">
      <legend className="mb-1 text-xs text-ink-2">{props.legend}</legend>
      {props.options.map((option, index) => (
        <label key={option} className="flex min-h-7 items-center gap-2 pointer-coarse:min-h-10">
          <input
            type="radio"
            name={props.name}
            checked={props.second === (index === 1)}
            onChange={() => props.onChoose(index === 1)}
            className="accent-accent"
          />
          {option}
        </label>
      ))}
    </fieldset>
  );
}
