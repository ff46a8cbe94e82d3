import { describe, expect, it } from 'vitest';
import { parseSearch, stringifySearch } from '@/lib/search';
import { groupsOf, subjectOf } from './groups';
import { asKind, complete, EMPTY_RULE, fromUnits, inUnits } from './rules';
import { mapSearch } from './search';
import { openOf, opened } from './state';

describe('the state in the URL', () => {
  it('survives being written and read', () => {
    const state = mapSearch({
      tint: 'time',
      detail: 35,
      fromStep: 'step:a b',
      toStep: 'end',
      variants: ['1f', '2e'],
      listed: 320,
      a: 'version:9',
      b: 'version:10',
      motion: 'on',
    });
    expect(mapSearch(parseSearch(stringifySearch({ ...state })))).toEqual(state);
  });

  it('drops what is not valid', () => {
    const none = Object.fromEntries(Object.keys(mapSearch({})).map((key) => [key, undefined]));
    const mangled = {
      tint: 'colour',
      detail: '200',
      fromStep: 'step:a',
      variants: [],
      a: 'speed:1',
      motion: 'yes',
    };
    expect(mapSearch(mangled)).toEqual(none);
    expect(mapSearch({ detail: 'much' }).detail).toBeUndefined();
    expect(mapSearch({ detail: '0' }).detail).toBe(0);
    const listed = ['19', '-5', '1e9', 'all'].map((text) => mapSearch({ listed: text }).listed);
    expect(listed).toEqual([undefined, undefined, 10_000, undefined]);
  });

  it('has one thing open at a time', () => {
    const both = mapSearch({ step: 'step:a', fromStep: 'step:a', toStep: 'step:b' });
    expect(openOf(both)).toEqual({ from: 'step:a', to: 'step:b' });
    for (const open of [{ node: 'start' }, { from: 'start', to: 'step:a' }, null]) {
      expect(openOf(opened(open))).toEqual(open);
    }
  });
});

describe('the groups that can be compared', () => {
  const given = {
    versions: [{ version: '9' }, { version: null }, { version: '8' }],
    variants: [],
    bounds: { from: 1000, to: 3000 },
  };

  it('are named as the API takes them', () => {
    expect(groupsOf('version', given).map(({ value }) => value)).toEqual([
      'version:9',
      'version:8',
    ]);
    expect(groupsOf('status', given)[0]?.value).toBe('status:completed');
    expect(groupsOf('variant', given)).toEqual([]);
    for (const subject of ['version', 'status', 'period'] as const) {
      for (const { value } of groupsOf(subject, given)) expect(subjectOf(value)).toBe(subject);
    }
  });

  it('halve the range without a gap, and put the period before it beside it', () => {
    const time = (value: string | undefined): number[] =>
      (value ?? '')
        .replace('period:', '')
        .split('/')
        .map((text) => Date.parse(text));
    const [first, second, previous, current] = groupsOf('period', given).map(({ value }) =>
      time(value),
    );
    expect(first).toEqual([1000, 2000]);
    expect(second).toEqual([2000, 3000]);
    expect(previous).toEqual([-1000, 1000]);
    expect(current).toEqual([1000, 3000]);
  });
});

describe('a rule', () => {
  it('needs what its kind needs', () => {
    expect(complete(EMPTY_RULE)).toBe(false);
    expect(complete({ ...EMPTY_RULE, step: 'a' })).toBe(false);
    expect(complete({ ...EMPTY_RULE, step: 'a', other: 'b' })).toBe(true);
    expect(complete(asKind({ ...EMPTY_RULE, step: 'a' }, 'exactly_once'))).toBe(true);
    expect(complete({ ...asKind({ ...EMPTY_RULE, step: 'a' }, 'at_most'), times: NaN })).toBe(
      false,
    );
  });

  it('keeps its steps when its kind changes, and drops what the new one does not need', () => {
    const within = asKind({ ...EMPTY_RULE, step: 'a', other: 'b' }, 'followed_within');
    expect(within).toMatchObject({ step: 'a', other: 'b', withinMs: 172_800_000, times: null });
    expect(asKind(within, 'never')).toMatchObject({ step: 'a', other: null, withinMs: null });
  });

  it('states a time in the largest unit in which it is whole', () => {
    expect(inUnits(172_800_000)).toEqual({ value: 2, unit: 'days' });
    expect(inUnits(5_400_000)).toEqual({ value: 90, unit: 'minutes' });
    expect(fromUnits(1.5, 'hours')).toBe(5_400_000);
  });
});
