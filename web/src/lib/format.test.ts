import { describe, expect, it } from 'vitest';
import {
  axisFigure,
  compact,
  compactTrimmed,
  counted,
  duration,
  durationTrimmed,
  exactFigure,
  figure,
  money,
  percent,
} from './format';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('numbers', () => {
  it.each([
    [0, '0'],
    [7, '7'],
    [999, '999'],
    [1000, '1.00k'],
    [13_087, '13.1k'],
    [262_200, '262k'],
    [999_499, '999k'],
    [999_500, '1.00M'],
    [5_432_100_000, '5.43B'],
    [-13_087, '-13.1k'],
    [0.1234, '0.123'],
    [12.345, '12.3'],
  ])('%d has three significant digits: %s', (value, shown) => {
    expect(compact(value)).toBe(shown);
  });

  it('axes drop trailing zeros', () => {
    expect(compactTrimmed(20_000)).toBe('20k');
    expect(compactTrimmed(1500)).toBe('1.5k');
    expect(compactTrimmed(200)).toBe('200');
    expect(axisFigure(0, 'milliseconds')).toBe('0');
  });

  it('one is singular', () => {
    const execution = { one: 'execution', other: 'executions' };
    expect(plain(counted(1, execution))).toBe('1 execution');
    expect(plain(counted(13_087, execution))).toBe('13,087 executions');
  });
});

describe('percentages', () => {
  it.each([
    [0, '0 %'],
    [0.01, '< 0.1 %'],
    [97.64, '97.6 %'],
    [99, '99.0 %'],
    [99.123, '99.12 %'],
    [99.999, '99.99 %'],
    [100, '100 %'],
  ])('%d reads %s', (value, shown) => {
    expect(plain(percent(value))).toBe(shown);
  });
});

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [840, '840 ms'],
    [999.6, '1.00 s'],
    [1240, '1.24 s'],
    [59_940, '59.9 s'],
    [59_960, '1 m'],
    [192_000, '3 m 12 s'],
    [3_599_700, '1 h'],
    [18_180_000, '5 h 3 m'],
    [187_200_000, '2 d 4 h'],
    [2_708_078_000, '31 d 8 h'],
    [18_489_600_000, '214 d'],
  ])('%d ms reads %s', (value, shown) => {
    expect(plain(duration(value))).toBe(shown);
  });

  it('axes drop trailing zeros', () => {
    expect(plain(durationTrimmed(1000))).toBe('1 s');
    expect(plain(durationTrimmed(200))).toBe('200 ms');
  });
});

describe('figures in their unit', () => {
  it('money shows cents, and two significant digits below a dollar', () => {
    expect(money(10.4)).toBe('$10.40');
    expect(money(0.999)).toBe('$1.00');
    expect(money(0.5)).toBe('$0.50');
    expect(money(0.014)).toBe('$0.014');
    expect(money(0.005)).toBe('$0.0050');
    expect(money(0.00123)).toBe('$0.0012');
    expect(money(12_431)).toBe('$12.4k');
  });

  it('a missing figure is a dash, and its exact form says so', () => {
    expect(figure(null, 'milliseconds')).toBe('–');
    expect(exactFigure(null, 'milliseconds')).toBe('no data');
  });

  it('the exact figure keeps every digit', () => {
    expect(exactFigure(262_200, 'count')).toBe('262,200');
    expect(plain(exactFigure(1_234_567, 'milliseconds'))).toBe('1,234,567 ms');
    expect(plain(exactFigure(99.98765, 'percent'))).toBe('99.9877 %');
  });

  it('bytes step by 1,024', () => {
    expect(plain(figure(1536, 'bytes'))).toBe('1.50 KiB');
    expect(plain(axisFigure(20 * 1024 ** 3, 'bytes'))).toBe('20 GiB');
  });
});
