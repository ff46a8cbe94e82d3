import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { isolated, counted } from '@/lib/format';
import { interval } from '@/lib/zone';
import { errors, nouns } from '@/words';
import { connectorAround } from '../connectors/target';
import { useView } from '../view';
import type { OutageGroups } from './outages';

const words = errors.outages;

/** The line under which the groups of an outage stand; leads to the connector. */
export function OutageHead(props: {
  outage: OutageGroups;
  /** How many of its groups are listed. */
  listed: number;
}): ReactNode {
  const { outage, listed } = props;
  const { connector, from, until } = outage;
  const view = useView();
  const label = words.down(isolated(connector));
  const around = { bounds: view.bounds, zone: view.zone, measure: 'failures' as const };
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5">
      <span className="text-bad">
        <Icon name="plug" size={14} />
      </span>
      <Link {...connectorAround(connector, outage, around, label)} className="hover:underline">
        {label}
      </Link>
      <span className="font-normal text-ink-2">
        {words.when(interval(from, until, view.zone), counted(listed, nouns.group))}
      </span>
    </span>
  );
}
