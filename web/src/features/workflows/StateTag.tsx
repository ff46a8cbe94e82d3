import type { ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { workflows as words } from '@/words';
import type { ListRow } from './list';
import { LOOKS, type StateName } from './state';

/** A state in a word, with its icon and its colour. */
export function StateTag({ state, text }: { state: StateName; text?: string }): ReactNode {
  const { icon, tone } = LOOKS[state];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${tone}`}>
      <Icon name={icon} size={14} />
      {text ?? words.state[state]}
    </span>
  );
}

/** The state of a row; of a family, how many members are in the worst state of them. */
export function RowState({ row }: { row: ListRow }): ReactNode {
  const { state, members } = row;
  if (!members) return <StateTag state={state} />;
  const count = members.filter((member) => member.state === state).length;
  const all = members.length;
  const text =
    count === all
      ? words.state[state]
      : words.ofMembers(String(count), String(all), words.state[state]);
  return <StateTag state={state} text={text} />;
}

/** What a state means. */
export const whyOf = ({ state }: ListRow): string => words.why[state];
