/** Something with a name. */
export interface Member {
  id: string;
  name: string;
}

/** Workflows that are variants of one, such as the same automation for several regions. */
export interface Family<M extends Member> {
  /** The common name in lower case: what the URL calls it. */
  id: string;
  name: string;
  members: M[];
}

/** What separates the words of a name. */
const SEPARATOR = /[\s\-_/.:|,()[\]]+/;
const LAST_WORD = /^(.*?)[\s\-_/.:|,()[\]]+([^\s\-_/.:|,()[\]]+)[)\]]*$/;
/** Last words that make a variant even if no other name ends in them: numbers, stages of delivery and regions. */
const VARIANT =
  /^(v?\d+|prod|production|staging|stage|test|testing|dev|development|qa|sandbox|emea|apac|amer|americas|latam|dach|mena|anz|nordics|benelux|eu|us|usa|uk|na|north|south|east|west)$/i;

/** A name without its last word, and that word; null for a name of one word. */
function split(name: string): { stem: string; word: string } | null {
  const [, stem = '', word = ''] = LAST_WORD.exec(name.trim()) ?? [];
  return stem && word ? { stem, word } : null;
}

const keyOf = (text: string): string =>
  text.toLowerCase().split(SEPARATOR).filter(Boolean).join(' ');

/** For each name, its stem and last word, if other names share either: what could make it a member of a family. */
function variants<M extends Member>(members: M[]) {
  const parts = members.map((member) => ({ member, split: split(member.name) }));
  const stemsByWord = new Map<string, Set<string>>();
  for (const { split: found } of parts) {
    if (!found) continue;
    const stems = stemsByWord.get(found.word.toLowerCase()) ?? new Set();
    stemsByWord.set(found.word.toLowerCase(), stems.add(keyOf(found.stem)));
  }
  return parts.map(({ member, split: found }) => {
    const recurs = found && (stemsByWord.get(found.word.toLowerCase())?.size ?? 0) > 1;
    const variant = found && (recurs || VARIANT.test(found.word));
    return { member, stem: variant ? found.stem : null, word: found?.word.toLowerCase() ?? '' };
  });
}

/**
 * Finds families by name: names that differ only in their last word (`lead-routing-emea`, `lead-routing-apac`), where
 * that word is a number, a stage, a region, or the last word of other names, too. `order sync` and `order import` are therefore no family,
 * unless there are `stock sync` and `stock import`. Members keep their order; those of no family are not returned.
 */
export function familiesOf<M extends Member>(members: M[]): Family<M>[] {
  const families = new Map<string, Family<M> & { words: Set<string> }>();
  for (const { member, stem, word } of variants(members)) {
    if (stem === null) continue;
    const id = keyOf(stem);
    const family = families.get(id) ?? { id, name: stem, members: [], words: new Set() };
    family.members.push(member);
    family.words.add(word);
    families.set(id, family);
  }
  return [...families.values()]
    .filter((family) => family.words.size > 1)
    .map(({ id, name, members: all }) => ({ id, name, members: all }));
}

/** The words with which all names begin, as the first name writes them; null if they share none, or if there is only one. */
export function commonName(names: string[]): string | null {
  const [first = '', ...others] = names;
  if (others.length === 0) return null;
  const words = first.split(SEPARATOR).filter(Boolean);
  const lists = others.map((name) => name.toLowerCase().split(SEPARATOR).filter(Boolean));
  const shared = words.findIndex((word, index) =>
    lists.some((list) => list[index] !== word.toLowerCase()),
  );
  const count = shared < 0 ? words.length : shared;
  if (count === 0) return null;
  const last = words.slice(0, count).reduce((at, word) => first.indexOf(word, at) + word.length, 0);
  return first.slice(0, last);
}
