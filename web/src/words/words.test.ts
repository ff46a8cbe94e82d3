import { describe, expect, it } from 'vitest';
import * as words from '.';
import { plural } from './plural';
import type { Words } from './words';

/** An object with a text in every field. */
const named = new Proxy(
  {},
  { get: (_, key) => (key === Symbol.toPrimitive ? () => 'it' : String(key)) },
);

/** What a function says of counts, of texts, or of objects: the first that it can say something of. */
function said(say: (...args: unknown[]) => unknown): unknown {
  const counts = Array.from({ length: say.length }, (_, index) => index + 2);
  let text: unknown;
  for (const args of [counts, counts.map(String), counts.map(() => named)]) {
    try {
      text = say(...args);
    } catch {
      continue;
    }
    if (typeof text !== 'string' || !/undefined|NaN/.test(text)) return text;
  }
  return text;
}

/** Every text of a catalogue with its path. */
function texts(of: unknown, path: string): [string, unknown][] {
  if (typeof of === 'string') return [[path, of]];
  if (typeof of === 'function') return [[path, said(of as (...args: unknown[]) => unknown)]];
  return Object.entries(of as object).flatMap(([key, value]) => texts(value, `${path}.${key}`));
}

describe('the catalogue of words', () => {
  const all = Object.entries(words).flatMap(([name, catalogue]) => texts(catalogue, name));

  it('has no empty text, no undefined in one, and no two spaces', () => {
    const bad = all.filter(
      ([, text]) => typeof text === 'string' && /^\s*$|undefined|NaN|\[object| {2}/.test(text),
    );
    expect(bad).toEqual([]);
    expect(all.length).toBeGreaterThan(1000);
  });

  it('exclaims nothing and says sorry for nothing', () => {
    const loud = all.filter(
      ([, text]) => typeof text === 'string' && /!|\b[Oo]ops|[Ss]orry/.test(text),
    );
    expect(loud).toEqual([]);
  });

  it('another language has the same keys and arguments', () => {
    const german = {
      per: (bucket: string) => `je ${bucket}`,
      overTime: (figure: string) => `${figure} im Zeitverlauf`,
    } satisfies Partial<Words<typeof words.board>>;
    expect(german.per('Tag')).toBe('je Tag');
    const nouns = {
      run: { one: 'Lauf', other: 'Läufe' },
    } satisfies Partial<Words<typeof words.nouns>>;
    expect(plural(2, nouns.run)).toBe('Läufe');
    const dates = { months: ['Jan.', 'Feb.'] } satisfies Partial<Words<typeof words.dates>>;
    expect(dates.months).toHaveLength(2);
  });
});

describe('plurals', () => {
  it('follow the rules of the language', () => {
    const forms = { one: 'execution', other: 'executions' };
    expect([0, 1, 2, 1.5].map((count) => plural(count, forms))).toEqual([
      'executions',
      'execution',
      'executions',
      'executions',
    ]);
  });
});
