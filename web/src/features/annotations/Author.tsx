import type { ReactNode } from 'react';
import { Name } from '@/components/Name';
import { isPseudonym } from '@/lib/pseudonym';
import { annotations as words } from '@/words';
import { UserName } from '../UserName';

/** How the API writes that a key did something, before the key's id. */
const KEY = 'key ';

/** Who added or decided something: a person, or an API key. */
export function Author({ of }: { of: string }): ReactNode {
  if (of.startsWith(KEY)) return <span title={of.slice(KEY.length)}>{words.key}</span>;
  return isPseudonym(of) ? <UserName id={of} /> : <Name of={of} />;
}
